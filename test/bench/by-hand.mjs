// Starts init's project by hand (by-hand.sh) and waits for the same readiness as `up`, asked by the product's own probes.
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const root = fileURLToPath(new URL("../..", import.meta.url));
const load = (path) => import(pathToFileURL(join(root, "dist", path)).href);
const components = {
  "airflow-scheduler": "scheduler",
  "airflow-dag-processor": "dag-processor",
  "airflow-triggerer": "triggerer",
};
const pollMs = 150;
const limitMs = 300_000;

/**
 * Lays out a directory for by-hand.sh. `services`: those of `bulkhead config --format json`; `supplies`: `bin`
 * directories of the environments and of PostgreSQL's programs in the cache; `user`: `{uid, gid}` to switch to, undefined when not root.
 */
export async function layOutByHand({ directory, services, supplies, user, projectDirectory }) {
  const ports = await freePorts([
    "airflowDb",
    "mlflowDb",
    "api",
    "mlflow",
    "taskLogs",
    "schedulerHealth",
    "triggerLogs",
  ]);
  mkdirSync(directory, { recursive: true });
  for (const part of ["env", "logs", "pids", "exits", "data", "home", "airflow-logs"]) mkdirSync(join(directory, part));
  // The clone may lie where the other account cannot read.
  const hook = join(directory, "name_hook.py");
  writeFileSync(hook, readFileSync(join(root, "resources/python/name_hook.py")));
  const names = {
    "airflow-db": { 5432: ports.airflowDb },
    "mlflow-db": { 5432: ports.mlflowDb },
    "airflow-api-server": { 8080: ports.api },
    mlflow: { 5000: ports.mlflow },
  };
  for (const [service, { environment }] of Object.entries(services)) {
    const home = join(directory, "home", service);
    mkdirSync(home);
    writeFileSync(join(home, "names.json"), JSON.stringify({ hostname: service, own: {}, names }));
    const product = service.startsWith("airflow") ? "airflow" : "mlflow";
    const env = service.endsWith("-db")
      ? { HOME: home, LANG: "C.UTF-8", LC_ALL: "C.UTF-8" }
      : {
          LANG: "C.UTF-8",
          PYTHONUNBUFFERED: "1",
          ...environment,
          ...(product === "airflow" ? airflowSettings({ directory, home, ports, projectDirectory }) : {}),
          HOME: home,
          TMPDIR: home,
          PATH: `${supplies[product]}:/usr/bin:/bin`,
          BULKHEAD_HOOK: hook,
          BULKHEAD_NAMES: join(home, "names.json"),
        };
    const mapped = (text) =>
      text
        .replace("@airflow-db:5432", `@127.0.0.1:${ports.airflowDb}`)
        .replace("@mlflow-db:5432", `@127.0.0.1:${ports.mlflowDb}`);
    const lines = Object.entries(env).map(([name, value]) => `export ${name}=${quote(mapped(value))}`);
    writeFileSync(join(directory, "env", service), `${lines.join("\n")}\n`);
    if (environment?.POSTGRES_PASSWORD !== undefined)
      writeFileSync(join(home, "password"), `${environment.POSTGRES_PASSWORD}\n`);
  }
  const settings = {
    POSTGRES: supplies.postgres,
    CLIENTS: supplies.clients,
    PYTHON_AIRFLOW: supplies.airflow,
    PYTHON_MLFLOW: supplies.mlflow,
    SWITCH: user === undefined ? "" : `setpriv --reuid ${user.uid} --regid ${user.gid} --clear-groups`,
    AIRFLOW_DB_PORT: ports.airflowDb,
    MLFLOW_DB_PORT: ports.mlflowDb,
    MLFLOW_PORT: ports.mlflow,
  };
  writeFileSync(
    join(directory, "settings"),
    Object.entries(settings)
      .map(([name, value]) => `${name}=${quote(String(value))}\n`)
      .join(""),
  );
  if (user !== undefined) chownAll(directory, user);
  return { directory, ports, services };
}

function airflowSettings({ directory, home, ports, projectDirectory }) {
  return {
    AIRFLOW_HOME: home,
    AIRFLOW__CORE__DAGS_FOLDER: join(projectDirectory, "dags"),
    AIRFLOW__LOGGING__BASE_LOG_FOLDER: join(directory, "airflow-logs"),
    AIRFLOW__API__HOST: "127.0.0.1",
    AIRFLOW__API__PORT: String(ports.api),
    AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT: String(ports.taskLogs),
    AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT: String(ports.triggerLogs),
    AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_SERVER_HOST: "127.0.0.1",
    AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_SERVER_PORT: String(ports.schedulerHealth),
  };
}

/**
 * Runs by-hand.sh and resolves with the seconds until everything is ready. `mode`: new or again. `signal` ends the wait;
 * what was started then runs until `stopByHand`.
 */
export async function startByHand(stack, mode, signal) {
  const { directory } = stack;
  for (const part of ["pids", "exits"]) {
    for (const name of readdirSync(join(directory, part))) rmSync(join(directory, part, name));
  }
  const started = Date.now();
  const script = spawn("/bin/sh", [join(root, "test/bench/by-hand.sh"), mode, directory], {
    env: { PATH: "/usr/bin:/bin" },
    stdio: ["ignore", "inherit", "inherit"],
    // A group of its own: it starts things in the background, and is ended whole.
    detached: true,
  });
  const endScript = () => send(-script.pid, "SIGKILL");
  signal.addEventListener("abort", endScript);
  const ended = new Promise((resolve, reject) => {
    script.once("error", reject);
    script.once("exit", (code) =>
      code === 0 ? resolve() : reject(signal.reason ?? new Error(describeFailure(directory, code))),
    );
  });
  const stop = new AbortController();
  try {
    await Promise.all([ended, untilReady(stack, started, AbortSignal.any([stop.signal, signal]))]);
  } finally {
    stop.abort();
    signal.removeEventListener("abort", endScript);
    // After a failure nothing more is started.
    endScript();
    await ended.catch(() => undefined);
  }
  return (Date.now() - started) / 1000;
}

function describeFailure(directory, code) {
  const failed = readdirSync(join(directory, "exits")).filter(
    (name) => readFileSync(join(directory, "exits", name), "utf8").trim() !== "0",
  );
  const logs = failed.map(
    (name) =>
      `${name}:\n${readFileSync(join(directory, "logs", `${name}.log`), "utf8")
        .split("\n")
        .slice(-40)
        .join("\n")}`,
  );
  return [`by-hand.sh ended with ${code}`, ...logs].join("\n");
}

/** The questions of `up` (role logins, heartbeats, MLflow's store, then Airflow's whole health body), as often. */
async function untilReady({ ports, services }, since, signal) {
  const [
    { nodeSql },
    { nodeHttp },
    { probeRoleLogin },
    { probeAirflowHeartbeat },
    { probeAirflowHealth },
    { probeMlflowStore },
    { reuseSession },
  ] = await Promise.all([
    load("node/node-sql.js"),
    load("node/node-http.js"),
    load("probe/probe-role-login.js"),
    load("probe/probe-airflow-heartbeat.js"),
    load("probe/probe-airflow-health.js"),
    load("probe/probe-mlflow-store.js"),
    load("stack/reuse-session.js"),
  ]);
  const target = (service, port) => {
    const { POSTGRES_USER: user, POSTGRES_PASSWORD: password, POSTGRES_DB: database } = services[service].environment;
    return { host: "127.0.0.1", port, user, password, database };
  };
  const airflowDb = target("airflow-db", ports.airflowDb);
  const api = `http://127.0.0.1:${ports.api}`;
  const mlflow = { baseUrl: `http://127.0.0.1:${ports.mlflow}`, hostHeader: "mlflow:5000", prefix: "" };
  const health = (expected) => () =>
    probeAirflowHealth(nodeHttp, { baseUrl: api, path: "/api/v2/monitor/health", expected });
  await until(() => probeRoleLogin(nodeSql, airflowDb));
  await Promise.all([
    until(() => probeRoleLogin(nodeSql, target("mlflow-db", ports.mlflowDb))),
    ...Object.values(components).map(async (component) => {
      const sql = reuseSession(nodeSql);
      await until(() => probeAirflowHeartbeat(sql, airflowDb, component, since));
      await sql.end();
    }),
    until(health({})),
    until(() => probeMlflowStore(nodeHttp, mlflow)),
  ]);
  await until(health({ scheduler: since, dag_processor: since, triggerer: since }));

  async function until(probe) {
    for (;;) {
      const outcome = await probe();
      if (outcome.state === "fine") return;
      if (Date.now() - since > limitMs)
        throw new Error(`by hand: not ready after ${limitMs / 1000} s: ${outcome.reason}`);
      await sleep(pollMs, undefined, { signal });
    }
  }
}

/** Ends what by-hand.sh started: applications by TERM, then the databases by fast shutdown; each session whole. */
export async function stopByHand({ directory }) {
  const pids = new Map(
    readdirSync(join(directory, "pids")).map((name) => [
      name,
      Number(readFileSync(join(directory, "pids", name), "utf8")),
    ]),
  );
  const isDatabase = (name) => name.endsWith("-db");
  const applications = [...pids].filter(([name]) => !isDatabase(name)).map(([, pid]) => pid);
  const databases = [...pids].filter(([name]) => isDatabase(name)).map(([, pid]) => pid);
  await end(applications, "SIGTERM");
  await end(databases, "SIGINT");
}

async function end(leaders, first) {
  for (const pid of leaders) send(pid, first);
  for (let waited = 0; members(leaders).length > 0; waited += 100) {
    if (waited > 15_000) for (const pid of members(leaders)) send(pid, "SIGKILL");
    await sleep(100);
  }
}

/** Everything in the sessions of these leaders: Airflow's and MLflow's children move to groups of their own. */
function members(leaders) {
  const { stdout } = spawnSync("ps", ["-eo", "pid=,sid=,stat="], { encoding: "utf8" });
  return stdout
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, sid, stat]) => leaders.includes(Number(sid)) && !stat.startsWith("Z"))
    .map(([pid]) => Number(pid));
}

function send(pid, name) {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

async function freePorts(names) {
  const servers = await Promise.all(
    names.map(
      () =>
        new Promise((resolve, reject) => {
          const server = createServer().once("error", reject);
          server.listen(0, "127.0.0.1", () => resolve(server));
        }),
    ),
  );
  const ports = Object.fromEntries(names.map((name, index) => [name, servers[index].address().port]));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function chownAll(path, { uid, gid }) {
  chownSync(path, uid, gid);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) chownAll(child, { uid, gid });
    else chownSync(child, uid, gid);
    if (entry.name === "password") chmodSync(child, 0o600);
  }
}

function quote(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
