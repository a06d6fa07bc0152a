// `bulkhead check` against `docker compose config -q` and dclint: a cold process, a thousand projects, one large project.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { measureCommands, median } from "./measure-commands.mjs";
import { runWithPeak } from "./run-with-peak.mjs";

const dclintVersion = "3.1.0";

/**
 * dclint prints a line a finding and repairs nothing, so many projects and the large one are compared in the format
 * that shows no repairs; `pretty` is the same with a repair tried for each finding.
 *
 * @param {{ root: string, work: string, tools: string, compose: string, env: Record<string, string>, runs: number, rounds: number }} facts
 *   `root`: the repository; `work`: a scratch directory; `tools`: where dclint may be kept; `compose`: the real Compose,
 *   the docker client's plugin; `runs` of a cold process; `rounds` of the rest
 * @returns milliseconds of a cold process, seconds for a thousand projects, and MiB at the peak for one of 500 services
 */
export function measureCheck({ root, work, tools, compose, env, runs, rounds }) {
  const dclint = installDclint(tools);
  const bulkhead = [process.execPath, join(root, "bin/bulkhead.js"), "check", "--fail-on", "error"];
  const example = join(root, "examples/airflow-mlflow");
  const config = join(work, "docker-client");
  const plain = ["env", "-u", "NODE_EXTRA_CA_CERTS"];
  const cold = measureCommands(
    {
      bulkhead,
      // As at the first run, or where the cache cannot be written: no compiled code of an earlier run.
      bulkheadFirst: ["env", "BULKHEAD_CACHE_DIR=/dev/null", ...bulkhead],
      ...(hasClient(config, compose) ? { compose: ["docker", "compose", "config", "-q"] } : {}),
      // What the docker client runs, and before that asks for its name and version.
      plugin: [compose, "config", "-q"],
      // 1: it has remarks about the style of the file.
      dclint: ["sh", "-c", 'exec "$0" "$@" >/dev/null || [ $? = 1 ]', process.execPath, dclint, "compose.yaml"],
      node: [process.execPath, "-e", "0"],
      // Node reads the certificates that this variable names at every start, whether they are used or not.
      bulkheadPlain: [...plain, ...bulkhead],
      nodePlain: [...plain, process.execPath, "-e", "0"],
      // The least that a program of Node can do which reads a Compose file.
      yaml: [process.execPath, "-e", 'require("yaml").parse(require("fs").readFileSync("compose.yaml", "utf8"))'],
    },
    { cwd: example, env: { ...env, ...readDotenv(example), DOCKER_CONFIG: config }, runs },
  );
  const many = layOutMany(root, join(work, "many"));
  const large = layOutLarge(join(work, "large"));
  const dclintArgv = (path) => [process.execPath, dclint, "-r", path];
  const concise = [...bulkhead, "--format", "concise"];
  const thousand = { bulkhead: [], pretty: [], dclint: [] };
  const memory = { bulkhead: [], pretty: [], dclint: [] };
  for (let round = 0; round < rounds; round += 1) {
    thousand.bulkhead.push(run([...concise, "--recursive", many], env, work).seconds);
    thousand.pretty.push(run([...bulkhead, "--recursive", many], env, work).seconds);
    thousand.dclint.push(run(dclintArgv(many), env, work).seconds);
    memory.bulkhead.push(run([...concise, large], env, work).peakMiB);
    memory.pretty.push(run([...bulkhead, large], env, work).peakMiB);
    memory.dclint.push(run(dclintArgv(large), env, work).peakMiB);
  }
  const medians = (samples) =>
    Object.fromEntries(Object.entries(samples).map(([name, values]) => [name, median(values)]));
  return { cold, thousand: medians(thousand), memory: medians(memory) };
}

/** Gives the docker client that Compose as its plugin; false where there is no client. */
function hasClient(config, compose) {
  const plugins = join(config, "cli-plugins");
  mkdirSync(plugins, { recursive: true });
  symlinkSync(compose, join(plugins, "docker-compose"));
  const env = { ...process.env, DOCKER_CONFIG: config };
  const versions = [
    ["docker", ["compose", "version", "--short"]],
    [compose, ["version", "--short"]],
  ].map(([program, args]) => spawnSync(program, args, { encoding: "utf8", env }).stdout);
  return versions[0] === versions[1];
}

/** From npm, once: the package is not ours and no part of what Bulkhead needs. */
function installDclint(tools) {
  const directory = join(tools, `dclint-${dclintVersion}`);
  const executable = join(directory, "node_modules/dclint/bin/dclint.cjs");
  if (existsSync(executable)) return executable;
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "package.json"), "{}\n");
  const install = spawnSync("npm", ["install", "--no-audit", "--no-fund", `dclint@${dclintVersion}`], {
    cwd: directory,
    encoding: "utf8",
  });
  if (install.status !== 0) {
    rmSync(directory, { recursive: true });
    throw new Error(`dclint ${dclintVersion} could not be installed: ${install.stderr}`);
  }
  return executable;
}

/** The example's passwords, so that Compose finds no blank variable to warn about. */
function readDotenv(directory) {
  const path = join(directory, ".env");
  if (existsSync(path)) return {};
  const names = new Set(readFileSync(join(directory, "compose.yaml"), "utf8").match(/(?<=\$\{)\w+/g));
  return Object.fromEntries([...names].map((name) => [name, "x"]));
}

/** A thousand projects: the examples in turn, each in a directory of its own. */
function layOutMany(root, directory) {
  const examples = ["airflow-mlflow", "article-after", "article-before"].map((name) => join(root, "examples", name));
  for (let at = 0; at < 1000; at += 1) {
    cpSync(examples[at % examples.length], join(directory, `project-${at}`), { recursive: true });
  }
  return directory;
}

/** One project of 500 services: a chain of applications on 50 servers. */
function layOutLarge(directory) {
  mkdirSync(directory, { recursive: true });
  const lines = ["services:"];
  for (let server = 0; server < 50; server += 1) {
    lines.push(
      `  db-${server}:`,
      "    image: postgres:17",
      "    environment:",
      `      POSTGRES_USER: app_${server}`,
      `      POSTGRES_PASSWORD: "\${PASSWORD:-p${server}}"`,
      `    volumes: ["data-${server}:/var/lib/postgresql/data"]`,
      "    healthcheck:",
      `      test: ["CMD-SHELL", "pg_isready -U app_${server}"]`,
      "      interval: 10s",
    );
    for (let app = 0; app < 9; app += 1) {
      lines.push(
        `  app-${server}-${app}:`,
        "    image: ghcr.io/mlflow/mlflow:v3.17.2",
        `    command: mlflow server --backend-store-uri postgresql+psycopg2://app_${server}:\${PASSWORD:-p${server}}@db-${server}:5432/app_${server} --host 0.0.0.0`,
        `    depends_on: { db-${server}: { condition: service_healthy } }`,
      );
    }
  }
  lines.push("volumes:", ...Array.from({ length: 50 }, (_, server) => `  data-${server}:`));
  writeFileSync(join(directory, "compose.yaml"), `${lines.join("\n")}\n`);
  return directory;
}

/** 1 is an answer too, there are findings. */
function run(argv, env, work) {
  const { status, stderr, seconds, peakMiB } = runWithPeak(argv, { env, work });
  if (status !== 0 && status !== 1) throw new Error(`${argv.join(" ")} ended with ${status}: ${stderr}`);
  return { seconds, peakMiB };
}
