import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { createNodePorts } from "../../src/node/node-ports.ts";
import { createJournal } from "../../src/plan/journal.ts";
import { stepMoments, type StepMoment } from "../../src/plan/run-plan.ts";
import type { Plan } from "../../src/plan/step.ts";
import { inspectDatabase } from "../../src/postgres/inspect-database.ts";
import { judgeDatabase } from "../../src/postgres/judge-database.ts";
import type { SplitVerb } from "../../src/postgres/split/find-split.ts";
import { planNewSplit } from "../../src/postgres/split/plan-new-split.ts";
import { readSplitFacts } from "../../src/postgres/split/read-split-facts.ts";
import type { ProjectParts } from "../../src/postgres/split/split-request.ts";
import { bundleChild } from "./bundle-child.ts";
import { makeState, statePairs } from "./database-states.ts";
import { runLabSplit, type LabEnd, type LabOrders } from "./run-lab-split.ts";
import { snapshotServer } from "./snapshot-server.ts";
import { repositoryPath } from "./source-files.ts";
import { createTemporaryDirectory } from "./temporary-directory.ts";
import type { TestServer } from "./test-server.ts";

/** Where a process stops: at a moment of a step, or after the n-th statement that the server has answered. */
export type CrashPoint = { readonly step: string; readonly moment: StepMoment } | { readonly query: number };

/** What test/integration/children/run-split.ts is told. */
export interface SplitOrders extends LabOrders {
  readonly at: CrashPoint;
  /** Say `reached` at the point and wait, instead of killing itself. */
  readonly wait: boolean;
}

/** How a process ended; without an end of its own when it was killed. */
export interface ChildEnd extends Partial<LabEnd> {
  readonly killed: boolean;
}

/** A split that was planned and not begun. */
export interface LabSplit {
  readonly plan: Plan;
  run(verb: SplitVerb): Promise<LabEnd>;
  /** Runs in a process of its own that kills itself at a point; to its end when it does not come there. */
  kill(verb: SplitVerb, at: CrashPoint): Promise<ChildEnd>;
  /** Runs up to a point, then kills the postmaster, and with `both` the process too; the server is up again after it. */
  loseServer(at: CrashPoint, options: { readonly both: boolean }): Promise<ChildEnd>;
  look(): Promise<SplitLook>;
}

/** All that can be told of the server, of the other server and of the project. */
export type SplitLook = Readonly<Record<"server" | "target" | "files" | "running", unknown>>;

export interface SplitLab extends AsyncDisposable {
  /** A collided database of its own as it was at first, and the plan of its split. */
  begin(): Promise<LabSplit>;
}

/**
 * Splits of the article's collision, in processes that can be killed. With `target`, MLflow goes to that server and a
 * project around it has files to edit and services to stop and start; else it gets a role on the same server.
 *
 * @param isServerThere the target is no new server: it has databases of others already
 */
export async function createSplitLab(
  server: TestServer,
  target?: TestServer,
  { isServerThere = false }: { readonly isServerThere?: boolean } = {},
): Promise<SplitLab> {
  const directory = await createTemporaryDirectory();
  await symlink(repositoryPath("node_modules"), join(directory.path, "node_modules"));
  const program = await bundleChild(new URL("../integration/children/run-split.ts", import.meta.url), directory.path);
  const io = createNodePorts();
  let begun = 0;

  return {
    begin: async () => {
      const home = join(directory.path, `split-${++begun}`);
      await mkdir(home);
      await reset(server, target, isServerThere);
      const made = target === undefined ? undefined : await makeProject(home);
      const parts = made && isServerThere ? { ...made, newServers: [] } : made;
      const project = target === undefined ? undefined : { directory: home, targetUrl: target.url("postgres") };
      const plan = await planShared(server, home, parts, isServerThere);
      await createJournal(io, home, plan, new Date().toISOString());
      const orders = { url: server.url("postgres"), journals: home, project };
      return {
        plan,
        run: (verb) => runLabSplit({ ...orders, verb }),
        kill: (verb, at) => startChild(program, { ...orders, verb, at, wait: false }).end(),
        loseServer: async (at, { both }) => {
          const { child, end, ended } = startChild(program, { ...orders, verb: "resume", at, wait: true });
          await Promise.race([once(child.stdout, "data"), ended]);
          const pidFile = await readFile(join(server.dataDirectory, "postmaster.pid"), "utf8");
          process.kill(Number.parseInt(pidFile, 10), "SIGKILL");
          child.kill(both ? "SIGKILL" : "SIGUSR2");
          await server.crash();
          await server.start();
          return end();
        },
        look: async () => ({
          server: await snapshotServer(server, [recording]),
          target: target && (await snapshotServer(target)),
          files: parts && (await Promise.all(["compose.yaml", ".env"].map((name) => readIfThere(join(home, name))))),
          running: parts && (await readIfThere(join(home, "running.json"))),
        }),
      };
    },
    [Symbol.asyncDispose]: () => directory.remove(),
  };
}

/** Every moment of every step: what a plan has is what can be killed. */
export function crashPoints({ steps }: Plan): readonly CrashPoint[] {
  return steps.flatMap(({ id }) => stepMoments.map((moment): CrashPoint => ({ step: id, moment })));
}

const recording = "recorded collided-airflow-row-2.7 of apps";

async function reset(server: TestServer, target: TestServer | undefined, isServerThere: boolean): Promise<void> {
  await removeWhatWasMade(server);
  await makeState(5, statePairs["2.7"], server, { database: "shared", owner: "apps" });
  // As MLflow writes it: PostgreSQL spells it otherwise in a database that was restored, as the recording was.
  await server.query(
    "shared",
    "ALTER TABLE experiments DROP CONSTRAINT experiments_lifecycle_stage, ADD CONSTRAINT experiments_lifecycle_stage CHECK (lifecycle_stage IN ('active', 'deleted'))",
  );
  await server.query("postgres", "COMMENT ON DATABASE shared IS 'ours'");
  await server.query("postgres", `ALTER DATABASE shared SET search_path = "$user", public`);
  // A test server commits without waiting for its disk: what is killed in a moment would forget the last of it.
  await server.query("postgres", "CHECKPOINT");
  if (target === undefined) return;
  await removeWhatWasMade(target);
  if (!isServerThere) await target.query("postgres", "CREATE DATABASE mlflow");
}

async function removeWhatWasMade(server: TestServer): Promise<void> {
  for (const { datname } of await server.query("postgres", "SELECT datname FROM pg_database")) {
    const name = String(datname);
    if (!/^(shared|mlflow|bulkhead )/.test(name)) continue;
    // One whose removal was cut off can only be removed.
    await server.query("postgres", `ALTER DATABASE "${name}" ALLOW_CONNECTIONS true`).catch(() => undefined);
    await server.query("postgres", `DROP DATABASE "${name}" WITH (FORCE)`);
  }
  await server.query("postgres", "DROP ROLE IF EXISTS mlflow");
}

/** Files to edit, one of them new, and services that run. */
async function makeProject(directory: string): Promise<ProjectParts> {
  const files = [
    { name: ".env", before: null, after: "MLFLOW_DB_PASSWORD=secret\n" },
    { name: "compose.yaml", before: "one database\n", after: "two databases\n" },
  ];
  const hashOf = (content: string): string => createHash("sha256").update(content).digest("hex");
  for (const { name, before, after } of files) {
    if (before !== null) await writeFile(join(directory, name), before);
    await writeFile(join(directory, `${name}.before`), before ?? "");
    await writeFile(join(directory, `${name}.after`), after);
  }
  await writeFile(join(directory, "running.json"), JSON.stringify(["airflow", "postgres"]));
  return {
    writers: ["airflow", "mlflow"],
    running: ["airflow"],
    start: ["airflow", "mlflow"],
    newServers: ["postgres-mlflow"],
    files: files.map(({ name, before, after }) => ({
      path: join(directory, name),
      before: before === null ? null : hashOf(before),
      after: hashOf(after),
      keptBefore: join(directory, `${name}.before`),
      keptAfter: join(directory, `${name}.after`),
    })),
  };
}

async function planShared(
  server: TestServer,
  journals: string,
  parts: ProjectParts | undefined,
  isServerThere: boolean,
): Promise<Plan> {
  const session = await server.connect("shared");
  try {
    const picture = await inspectDatabase(session);
    const subject = { label: "lab", picture, verdict: judgeDatabase(picture), facts: await readSplitFacts(session) };
    const service = parts === undefined ? undefined : "postgres-mlflow";
    const planned = planNewSplit(createNodePorts(), subject, {
      leaves: undefined,
      terminate: false,
      backup: false,
      backups: join(journals, "backups"),
      journals,
      destination: () => ({ database: "mlflow", role: "mlflow", service, isServerThere }),
      project: parts === undefined ? undefined : () => parts,
    });
    if (planned === undefined) throw new Error("there is nothing to split");
    return planned.plan;
  } finally {
    await session.close();
  }
}

function startChild(program: string, orders: SplitOrders) {
  const child = spawn(process.execPath, [program, JSON.stringify(orders)], { stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>;
  const out = text(child.stdout);
  const errors = text(child.stderr);
  const end = async (): Promise<ChildEnd> => {
    const [, signalName] = await ended;
    const said = (await out).split("\n").find((line) => line.startsWith("{"));
    const complaint = await errors;
    const killed = signalName === "SIGKILL";
    if (said === undefined && !killed) throw new Error(`the split said nothing: ${signalName ?? ""} ${complaint}`);
    return { killed, ...(JSON.parse(said ?? "{}") as Partial<LabEnd>) };
  };
  return { child, end, ended };
}

function readIfThere(path: string): Promise<string | undefined> {
  return createNodePorts().files.readTextIfPresent(path);
}
