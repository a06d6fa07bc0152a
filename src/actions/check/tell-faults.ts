import type { ActionContext } from "../context.ts";
import type { CheckedFinding } from "./check-project.ts";

interface Told {
  readonly fingerprints: readonly string[];
}

/**
 * A note of what does not keep a project from starting but may hurt. What only hurts later is told once: who starts a
 * stack every day knows it, and `check` tells it at any time. Errors that are merely likely are told at every start.
 *
 * @param record where the state keeps what was told; goes with the state
 */
export async function tellFaults(
  context: ActionContext,
  record: string,
  faults: readonly CheckedFinding[],
): Promise<void> {
  const { files } = context.ports;
  const text = await files.readTextIfPresent(record);
  const told = new Set(text === undefined ? [] : (JSON.parse(text) as Told).fingerprints);
  const news = faults.filter(({ severity, fingerprint }) => severity === "error" || !told.has(fingerprint));
  const [first, ...others] = news;
  if (first === undefined) return;
  const message = others.length === 0 ? `${first.message}.` : `${news.length} things in the files may hurt later.`;
  context.emit({ type: "note", message, hint: "bulkhead check" });
  const known: Told = { fingerprints: [...new Set([...told, ...news.map(({ fingerprint }) => fingerprint)])] };
  await files.writeText(record, `${JSON.stringify(known)}\n`);
}
