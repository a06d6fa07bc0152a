import { relative, resolve } from "node:path";

import { ToolError } from "../../core/tool-error.ts";
import type { ActionContext } from "../context.ts";
import type { CheckedProject } from "./check-project.ts";

interface Baseline {
  readonly schema: 1;
  readonly findings: readonly { readonly fingerprint: string; readonly rule: string; readonly project: string }[];
}

/** Whether a baseline lists the finding of this fingerprint in a project's directory. */
export type IsListed = (directory: string, fingerprint: string) => boolean;

/**
 * Reads which findings are to be left out. The project's directory, relative to the baseline, is part of what a finding
 * is known by: the same fault in another project is new.
 *
 * @throws ToolError COMMAND_USAGE when the file is missing or no baseline
 */
export async function loadBaseline(context: ActionContext, file: string): Promise<IsListed> {
  const path = resolve(context.ports.host.cwd, file);
  const text = await context.ports.files.readTextIfPresent(path);
  const known = new Set(
    parseBaseline(text, path).findings.map(({ fingerprint, project }) => `${project} ${fingerprint}`),
  );
  return (directory, fingerprint) => known.has(`${placeOf(directory, path)} ${fingerprint}`);
}

/** Lists every finding of the projects in a baseline. */
export async function writeBaseline(
  context: ActionContext,
  file: string,
  projects: readonly CheckedProject[],
): Promise<void> {
  const path = resolve(context.ports.host.cwd, file);
  const findings = projects.flatMap((project) =>
    project.findings.map(({ fingerprint, rule }) => ({ fingerprint, rule, project: placeOf(project.directory, path) })),
  );
  const baseline: Baseline = { schema: 1, findings };
  await context.ports.files.writeText(path, `${JSON.stringify(baseline, null, 2)}\n`);
}

function placeOf(directory: string, baseline: string): string {
  return relative(resolve(baseline, ".."), directory).replaceAll("\\", "/") || ".";
}

function parseBaseline(text: string | undefined, path: string): Baseline {
  const hint = `bulkhead check --write-baseline ${path}`;
  if (text === undefined) throw new ToolError("COMMAND_USAGE", `There is no baseline ${path}.`, { hint });
  try {
    const value = JSON.parse(text) as Partial<Baseline> | null;
    if (value?.schema === 1 && Array.isArray(value.findings)) return value as Baseline;
  } catch {
    // Told below.
  }
  throw new ToolError("COMMAND_USAGE", `${path} is no baseline of this version.`, { hint });
}
