// What a stack costs while nothing happens: its supervisor, and commands beside it.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { measureCommands } from "./measure-commands.mjs";
import { measureRest } from "./measure-rest.mjs";

const restSeconds = 60;
const doctorRuns = 5;

/** With it the project has eight units. */
const spareServer = `services:
  spare-db:
    image: postgres:17
    environment: { POSTGRES_PASSWORD: spare }
    healthcheck: { test: [CMD, pg_isready, -h, 127.0.0.1, -U, postgres], interval: 5s, timeout: 5s, retries: 12 }
`;

/**
 * @param {{ projects: ReturnType<import("./bench-projects.mjs").benchProjects>, root: string, env: Record<string, string>,
 *   wanted: ReadonlySet<string>, runs: number, note: (text: string) => void, signal: AbortSignal }} facts
 *   `wanted`: with "rest" the supervisor is watched, with "cli" commands are run, `runs` times each
 * @returns `rest`: what `measureRest` gives; `cli`: milliseconds of `node`, `version`, `ps` and `doctor`; undefined if not
 *   wanted
 */
export async function measureResting({ projects, root, env, wanted, runs, note, signal }) {
  return await projects.inProject("rest", async (project) => {
    writeFileSync(join(project, "compose.override.yaml"), spareServer);
    projects.up(project);
    await sleep(30_000, undefined, { signal });
    const executable = join(root, "bin/bulkhead.js");
    const commands = {
      node: [process.execPath, "-e", "0"],
      version: [process.execPath, executable, "--version"],
      ps: [process.execPath, executable, "ps"],
    };
    // Apart from the others, because it makes the stack work.
    const doctor = () =>
      measureCommands({ doctor: [process.execPath, executable, "doctor"] }, { cwd: project, env, runs: doctorRuns });
    if (wanted.has("rest")) note(`watching the supervisor for ${restSeconds} s`);
    return {
      rest: wanted.has("rest")
        ? await measureRest(join(env.BULKHEAD_HOME, "projects/rest"), restSeconds, signal)
        : undefined,
      cli: wanted.has("cli") ? { ...measureCommands(commands, { cwd: project, env, runs }), ...doctor() } : undefined,
    };
  });
}
