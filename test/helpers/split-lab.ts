import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { createNodePorts } from "../../src/node/node-ports.ts";
import { createJournal } from "../../src/plan/journal.ts";
import type { StepMoment } from "../../src/plan/run-plan.ts";
import type { Plan } from "../../src/plan/step.ts";
import type { SplitVerb } from "../../src/postgres/split/find-split.ts";
import { bundleChild } from "./bundle-child.ts";
import { repositoryPath } from "./source-files.ts";
import { createTemporaryDirectory } from "./temporary-directory.ts";
import type { TestServer } from "./test-server.ts";

/** Where a process stops: at a moment of a step, or after the n-th statement that the server has answered. */
export type CrashPoint = { readonly step: string; readonly moment: StepMoment } | { readonly query: number };

/** What test/integration/children/run-split.ts is told. */
export interface SplitOrders {
  readonly url: string;
  /** Directory of the journals, absolute. */
  readonly journals: string;
  readonly verb: SplitVerb;
  readonly at?: CrashPoint;
  /** Say `reached` at the point and wait, instead of killing itself. */
  readonly wait?: boolean;
}

export interface ChildEnd {
  readonly killed: boolean;
  readonly exitCode: number | null;
  readonly queries: number | undefined;
  readonly error: { readonly code: string; readonly message: string; readonly hint: string } | undefined;
}

/** Processes that run splits of one server, to be killed. */
export interface SplitLab extends AsyncDisposable {
  /** A new directory with the journal of a plan that was not begun. */
  begin(plan: Plan): Promise<string>;
  run(orders: Omit<SplitOrders, "url">): Promise<ChildEnd>;
  /** Runs up to a point, then kills the postmaster, and with `both` the process too; the server is up again after it. */
  loseServer(orders: Omit<SplitOrders, "url">, options: { readonly both: boolean }): Promise<ChildEnd>;
}

export async function createSplitLab(server: TestServer): Promise<SplitLab> {
  const directory = await createTemporaryDirectory();
  await symlink(repositoryPath("node_modules"), join(directory.path, "node_modules"));
  const program = await bundleChild(new URL("../integration/children/run-split.ts", import.meta.url), directory.path);
  const io = createNodePorts();
  let plans = 0;

  const start = (orders: Omit<SplitOrders, "url">) => {
    const child = spawn(process.execPath, [program, JSON.stringify({ ...orders, url: server.url("postgres") })], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ended = once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>;
    const out = text(child.stdout);
    const errors = text(child.stderr);
    const end = async (): Promise<ChildEnd> => {
      const [exitCode, signalName] = await ended;
      const said = (await out).split("\n").find((line) => line.startsWith("{"));
      const complaint = await errors;
      if (said === undefined && signalName === null) throw new Error(`the split said nothing: ${complaint}`);
      const { queries, error } = JSON.parse(said ?? "{}") as Pick<ChildEnd, "queries" | "error">;
      return { killed: signalName === "SIGKILL", exitCode, queries, error };
    };
    return { child, end, ended };
  };
  const run: SplitLab["run"] = (orders) => start(orders).end();

  return {
    begin: async (plan) => {
      const journals = join(directory.path, `journal-${++plans}`);
      await createJournal(io, journals, plan, new Date().toISOString());
      return journals;
    },
    run,
    loseServer: async (orders, { both }) => {
      const { child, end, ended } = start({ ...orders, wait: true });
      const reached = new Promise<void>((resolve) => child.stdout.once("data", () => resolve()));
      await Promise.race([reached, ended]);
      const pidFile = await readFile(join(server.dataDirectory, "postmaster.pid"), "utf8");
      process.kill(Number.parseInt(pidFile, 10), "SIGKILL");
      child.kill(both ? "SIGKILL" : "SIGUSR2");
      await server.crash();
      await server.start();
      return end();
    },
    [Symbol.asyncDispose]: () => directory.remove(),
  };
}

/** Every moment of every step: what a plan has is what can be killed. */
export function crashPoints({ steps }: Plan): readonly CrashPoint[] {
  return steps.flatMap(({ id }) =>
    (["before", "effect", "after"] as const).map((moment): CrashPoint => ({ step: id, moment })),
  );
}
