import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { importParts, root } from "../import-parts.mjs";

const {
  airflowReleases,
  airflowRequirements,
  cacheDirectory,
  createNodePorts,
  ensurePythonEnvironment,
  findRelease,
  mlflowReleases,
  mlflowRequirements,
  prepareCache,
} = await importParts({
  "src/catalog/airflow/requirements.ts": ["airflowRequirements"],
  "src/catalog/airflow/versions.ts": ["airflowReleases"],
  "src/catalog/find-release.ts": ["findRelease"],
  "src/catalog/mlflow/requirements.ts": ["mlflowRequirements"],
  "src/catalog/mlflow/versions.ts": ["mlflowReleases"],
  "src/node/node-ports.ts": ["createNodePorts"],
  "src/supply/cache-directory.ts": ["cacheDirectory"],
  "src/supply/ensure-python-environment.ts": ["ensurePythonEnvironment"],
  "src/supply/prepare-cache.ts": ["prepareCache"],
});

const io = createNodePorts();
/** The same for all recordings, because they tell of it; so there is one at a time. */
const recordingDirectory = "/tmp/bulkhead-recording";
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
/** Everybody may know it: it guards the passwords of connections that lead nowhere. */
const fernetKey = Buffer.from("bulkhead: the key of recordings.").toString("base64url").concat("=");
const COMMAND_MS = 180_000;

/**
 * The real packages at work on one database of a test server. Every command fails the recording when it does not end as
 * it is expected to. `isRecorded`: the database will tell where the packages were at work.
 */
export function openLab(server, database, { isRecorded }) {
  const url = server.url(database).replace("postgresql:", "postgresql+psycopg2:");
  if (isRecorded && existsSync(recordingDirectory))
    throw new Error(`${recordingDirectory} is there: another recording is at work, or left it when it was killed.`);
  const directory = isRecorded ? recordingDirectory : mkdtempSync(join(tmpdir(), "bulkhead-states-"));
  const home = join(directory, "airflow");
  mkdirSync(join(home, "dags"), { recursive: true });
  const airflowVariables = {
    AIRFLOW_HOME: home,
    AIRFLOW__CORE__DAGS_FOLDER: join(home, "dags"),
    AIRFLOW__CORE__LOAD_EXAMPLES: "False",
    AIRFLOW__CORE__EXECUTOR: "LocalExecutor",
    AIRFLOW__CORE__FERNET_KEY: fernetKey,
    AIRFLOW__CORE__UNIT_TEST_MODE: "False",
    AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: url,
    AIRFLOW__DATABASE__LOAD_DEFAULT_CONNECTIONS: "False",
    AIRFLOW__API_AUTH__JWT_SECRET: "bulkhead recordings, nothing to guard",
    AIRFLOW__WEBSERVER__SECRET_KEY: "bulkhead recordings",
  };
  const variables = { DATABASE_URL: url, ARTIFACTS: "/mlflow/artifacts", MLFLOW_ENABLE_ASYNC_TRACE_LOGGING: "false" };

  /** Runs a program of an environment; `fails`: a text that must be in what it prints while it fails. */
  async function run(environment, [program, ...args], { fails, env = {} } = {}) {
    const result = await io.processes.run({
      argv: [join(environment.directory, "bin", program), ...args],
      cwd: directory,
      env: {
        PATH: `${environment.directory}/bin:/usr/bin:/bin`,
        HOME: directory,
        TMPDIR: directory,
        LC_ALL: "C.UTF-8",
        GIT_PYTHON_REFRESH: "quiet",
        MLFLOW_DISABLE_TELEMETRY: "true",
        ...airflowVariables,
        ...variables,
        ...env,
      },
      timeoutMs: COMMAND_MS,
    });
    const output = result.stdout + result.stderr;
    const isExpected = fails === undefined ? result.exitCode === 0 : result.exitCode !== 0 && output.includes(fails);
    if (!isExpected)
      throw new Error(`${program} ${args.join(" ")} ended with ${result.exitCode}:\n${output.slice(-6000)}`);
    if (process.env.STATES_VERBOSE) console.error(output);
    return result;
  }

  return {
    url,
    directory,
    run,
    airflow: (environment, args, options) => run(environment, ["airflow", ...args], options),
    python: async (environment, script, options) => {
      await io.files.copy(here(script), join(directory, script));
      return run(environment, ["python", join(directory, script)], options);
    },
    /** `mlflow server` on the database, which is expected to print `fails` and end before it listens. */
    failMlflowServer: (environment, fails) =>
      run(
        environment,
        ["mlflow", "server", "--backend-store-uri", url, "--default-artifact-root", variables.ARTIFACTS],
        {
          fails,
        },
      ),
    /** Files of this folder beside what runs. */
    addModules: (...names) => Promise.all(names.map((name) => io.files.copy(here(name), join(directory, name)))),
    query: (text) => server.query(database, text),
    /** Files of this folder as DAGs of the Airflow that comes after. */
    addDags: (...names) => Promise.all(names.map((name) => io.files.copy(here(name), join(home, "dags", name)))),
    close: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** Applications besides ours that keep their revision in alembic_version. */
const others = {
  optuna: { releasedOn: "2025-04-14", supportedPython: ["3.11"], lines: (version) => [`optuna==${version}`] },
  // It names no upper bounds for two packages that changed too much for it.
  superset: {
    releasedOn: "2025-05-20",
    supportedPython: ["3.11"],
    lines: (version) => [`apache-superset==${version}`, "marshmallow<4", "setuptools<75"],
  },
};

/** An environment of one release as of a week after it, `extras` being more pip lines. */
export async function ensureEnvironment(product, version, extras = []) {
  const { uid, gid } = io.host;
  const context = {
    io,
    cache: cacheDirectory(io.host),
    resources: join(root, "resources"),
    unitUser: uid === 0 ? await io.host.user("nobody") : { uid, gid },
    emit: () => undefined,
    signal: new AbortController().signal,
  };
  await prepareCache(context);
  const { releasedOn, supportedPython, lines } = findProduct(product, version);
  const base = [...new Set([...lines, "psycopg2-binary", ...extras])];
  const week = 7 * 86_400_000;
  const resolvedAsOf = new Date(Date.parse(releasedOn) + week).toISOString().slice(0, 10);
  const directory = mkdtempSync(join(tmpdir(), "bulkhead-lock-"));
  try {
    return await ensurePythonEnvironment(
      context,
      { product, version, preferredPython: undefined, supportedPython, base, extras: [], resolvedAsOf },
      { projectLockFile: join(directory, "bulkhead.lock") },
    );
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function findProduct(product, version) {
  if (product === "airflow") return { ...findRelease(airflowReleases, version), lines: airflowRequirements(version) };
  if (product === "mlflow") return { ...findRelease(mlflowReleases, version), lines: mlflowRequirements(version) };
  return { ...others[product], lines: others[product].lines(version) };
}
