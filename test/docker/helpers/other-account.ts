import { chmod, cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createTemporaryDirectory } from "../../helpers/temporary-directory.ts";
import { runProgram } from "../../helpers/run-program.ts";
import { uniqueName } from "./docker.ts";
import { database } from "./small-database.ts";
import { told, type Told } from "./told.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** The command, a client with Compose and a project, all where an account that reaches nothing of root's can read them. */
export interface OtherAccount extends AsyncDisposable {
  readonly path: string;
  /**
   * What `bulkhead up` tells in a mount namespace of its own, after the lines of shell; the last one is what the command
   * is run by: `setpriv ...`, or nothing. The environment gains `env`.
   */
  up(lines: readonly string[], env?: Readonly<Record<string, string>>): Promise<Told>;
}

/** Runs a command as the account nobody, in no group but its own. */
export const asNobody = "setpriv --reuid=65534 --regid=65534 --clear-groups";

export async function createOtherAccount(): Promise<OtherAccount> {
  const temporary = await createTemporaryDirectory();
  const { path } = temporary;
  for (const part of ["dist", "bin", "resources", "package.json"]) {
    await cp(join(root, part), join(path, part), { recursive: true });
  }
  await cp(process.execPath, join(path, "node"));
  await cp(process.env["DOCKER_CONFIG"] ?? "", join(path, "client"), { recursive: true, dereference: true });
  await mkdir(join(path, "project"));
  await mkdir(join(path, "homes"));
  await writeFile(join(path, "project/compose.yaml"), JSON.stringify(database()));
  await runProgram("chmod", ["-R", "a+rX", path]);
  await chmod(join(path, "homes"), 0o777);
  const program = `${path}/node ${path}/bin/bulkhead.js --json --engine docker up`;
  return {
    path,
    up: async (lines, env = {}) => {
      const script = [...lines.slice(0, -1), `exec ${lines.at(-1)} ${program}`].join("\n");
      const surroundings = {
        cwd: join(path, "project"),
        env: {
          COMPOSE_PROJECT_NAME: uniqueName("faults"),
          HOME: join(path, "home"),
          // The account's own, which it makes itself.
          BULKHEAD_HOME: join(path, "homes", uniqueName("home")),
          DOCKER_CONFIG: join(path, "client"),
          ...env,
        },
      };
      return told(await runProgram("unshare", ["--mount", "sh", "-ec", script], surroundings));
    },
    [Symbol.asyncDispose]: () => temporary.remove(),
  };
}
