import type { BulkheadProject } from "./bulkhead-project.ts";
import type { ProgramResult } from "../../helpers/run-program.ts";

/** The one error of a command, as `--json` tells it. */
export interface Told {
  readonly exitCode: number | null;
  readonly code: string;
  readonly fault: unknown;
  readonly message: string;
  readonly hint: string;
}

/** Reads what `bulkhead --json` printed; throws when it told no error. */
export function told({ exitCode, stdout, stderr }: ProgramResult): Told {
  if (stdout.trim() === "") throw new Error(`no answer: ${stderr}`);
  const { errors } = JSON.parse(stdout) as {
    errors: { code: string; message: string; hint: string; detail: { fault?: unknown } }[];
  };
  const [error] = errors;
  if (error === undefined) throw new Error(`no error: ${stdout}`);
  return { exitCode, code: error.code, fault: error.detail.fault, message: error.message, hint: error.hint };
}

/** What `bulkhead up` tells, when the environment gains `env`. */
export async function upTold(project: BulkheadProject, env: Readonly<Record<string, string>> = {}): Promise<Told> {
  return told(await project.bulkheadWith(env, "--json", "up"));
}
