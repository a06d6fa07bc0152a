import type { DoctorRow } from "./run-checks.ts";

/** A fix that was tried. */
export interface FixedRow {
  readonly id: string;
  readonly subject: string | undefined;
  readonly title: string;
  /** Why it could not be done; undefined: it was. */
  readonly failure: string | undefined;
}

/** Does what the answers offer, one after the other, each once. Rejects with the signal's reason only. */
export async function applyFixes(rows: readonly DoctorRow[], signal: AbortSignal): Promise<readonly FixedRow[]> {
  const tried = new Map<string, FixedRow>();
  for (const { id, subject, fix } of rows) {
    if (fix === undefined || tried.has(fix.title)) continue;
    signal.throwIfAborted();
    const failure = await fix.apply(signal).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    signal.throwIfAborted();
    tried.set(fix.title, { id, subject, title: fix.title, failure });
  }
  return [...tried.values()];
}
