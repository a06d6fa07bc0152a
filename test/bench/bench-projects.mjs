// Projects as `init` writes them, run by the built command with a home of the bench's own.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * @param {{ root: string, work: string, env: Record<string, string> }} facts `root`: the repository; `work`: where the
 *   projects are made; `env`: of every command, with BULKHEAD_HOME
 */
export function benchProjects({ root, work, env }) {
  const executable = join(root, "bin/bulkhead.js");

  /** A command's stdout. */
  function run(cwd, ...args) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [executable, ...args], {
      cwd,
      env,
      encoding: "utf8",
      maxBuffer: 1 << 26,
    });
    if (status !== 0) throw new Error(`bulkhead ${args.join(" ")} ended with ${status}:\n${stderr}`);
    return stdout;
  }

  /** Seconds of one `up` from its first to its last instruction. */
  function up(project) {
    const started = performance.now();
    run(project, "up", "--auto-ports");
    return Number(((performance.now() - started) / 1000).toFixed(2));
  }

  /** Its directory. */
  function make(name) {
    const project = join(work, name);
    run(work, "init", project);
    return project;
  }

  /** Makes a project for `use` to start, and takes it down again however that ends. */
  async function inProject(name, use) {
    const project = make(name);
    try {
      return await use(project);
    } finally {
      run(project, "down", "-v", "--no-backup");
    }
  }

  /** The directories a project's units were started from: the same programs are then started by hand. */
  function readSupplies(name) {
    const unit = (service) =>
      JSON.parse(readFileSync(join(env.BULKHEAD_HOME, "projects", name, "units", service, "unit.json"), "utf8"));
    const firstOfPath = (service) => unit(service).env.PATH.split(":")[0];
    return {
      airflow: firstOfPath("airflow-scheduler"),
      mlflow: firstOfPath("mlflow"),
      postgres: dirname(unit("airflow-db").argv[0]),
      clients: firstOfPath("airflow-db"),
    };
  }

  return { make, run, up, inProject, readSupplies };
}
