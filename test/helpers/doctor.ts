import { spawn } from "node:child_process";
import { repositoryPath } from "./source-files.ts";
import type { CommandResult } from "./stack-home.ts";

/** A row of `doctor --json`. */
export interface DoctorJsonRow {
  readonly id: string;
  readonly title: string;
  readonly subject: string | null;
  readonly outcome: "ok" | "warn" | "fail" | "unknown";
  readonly fact: string;
  readonly cure: string | null;
  readonly fixable: boolean;
}

export interface DoctorReport {
  readonly exitCode: number | null;
  readonly payload: {
    readonly project: string | null;
    readonly engine: string | null;
    readonly fixed: readonly { readonly title: string; readonly failure: string | null }[];
    readonly checks: readonly DoctorJsonRow[];
  };
  /** Everything it printed. */
  readonly text: string;
}

/** `bulkhead doctor` on a project, and its cures as they are pasted. */
export interface Doctor {
  look(...flags: readonly string[]): Promise<DoctorReport>;
  /** One row, asked again while a busy machine leaves it without an answer in time. */
  row(id: string, subject: string): Promise<DoctorJsonRow>;
  /** Runs a told command line in a shell of the project, without a terminal. Throws with its output when it fails. */
  paste(line: string, input?: string): Promise<string>;
}

/** The project's directory and the environment its commands run in. */
interface Runnable {
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  readonly run: (...args: readonly string[]) => Promise<CommandResult>;
}

/** How long a machine may be too busy for an answer in time. */
const patienceMs = 240_000;

/** A machine may have little of these, whatever runs on it. */
const ofMachine: ReadonlySet<string> = new Set(["memory", "disk", "nofile", "shared-memory"]);

/** `bulkhead doctor` on a stack that is up finds nothing to tell, after what a busy machine left open was asked again. */
export async function expectHealthy(run: Runnable["run"]): Promise<void> {
  const end = Date.now() + patienceMs;
  for (;;) {
    const { payload } = await askDoctor(run);
    const wrong = payload.checks.filter(
      ({ id, outcome }) => outcome !== "ok" && !(outcome === "warn" && ofMachine.has(id)),
    );
    if (wrong.length === 0) return;
    if (Date.now() > end) throw new Error(`doctor tells of a healthy stack: ${JSON.stringify(wrong, undefined, 2)}`);
  }
}

async function askDoctor(run: Runnable["run"], flags: readonly string[] = []): Promise<DoctorReport> {
  const { exitCode, stdout, stderr } = await run("doctor", "--json", ...flags);
  if (stdout === "") throw new Error(`doctor ended with ${exitCode}: ${stderr}`);
  const payload = JSON.parse(stdout) as DoctorReport["payload"] & { readonly errors: readonly unknown[] };
  if (payload.errors.length > 0) throw new Error(`doctor ended with ${exitCode}: ${stdout}${stderr}`);
  return { exitCode, payload, text: stdout + stderr };
}

export function createDoctor({ directory, env, run }: Runnable): Doctor {
  return {
    look: (...flags) => askDoctor(run, flags),
    row: async (id, subject) => {
      const end = Date.now() + patienceMs;
      for (;;) {
        const { checks } = (await askDoctor(run)).payload;
        const row = checks.find((one) => one.id === id && one.subject === subject);
        const isLate =
          (row ?? checks.find((one) => one.id === "project"))?.fact.match(/no answer within|timeout/) != null;
        if (row !== undefined && (row.outcome !== "unknown" || !isLate)) return row;
        if (isLate && Date.now() < end) continue;
        if (row !== undefined) return row;
        throw new Error(`no ${id} of ${subject} in ${checks.map((one) => one.subject).join(", ")}`);
      }
    },
    paste: (line, input = "") =>
      new Promise((resolve, reject) => {
        // A session of its own has no terminal that psql could ask.
        const script = `bulkhead() { "${process.execPath}" "${repositoryPath("bin/bulkhead.js")}" "$@"; }\n${line}\n`;
        const child = spawn("sh", ["-c", script], { cwd: directory, env, detached: true, stdio: "pipe" });
        let output = "";
        child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
        child.stderr.setEncoding("utf8").on("data", (text: string) => (output += text));
        child.once("error", reject);
        child.once("close", (exitCode) =>
          exitCode === 0 ? resolve(output) : reject(new Error(`${line} ended with ${exitCode}: ${output}`)),
        );
        child.stdin.end(input);
      }),
  };
}
