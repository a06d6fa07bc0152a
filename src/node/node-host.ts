import { fstatSync } from "node:fs";
import { availableParallelism, homedir, tmpdir } from "node:os";
import { dirname } from "node:path";
import { ToolError } from "../core/tool-error.ts";
import type { Host, HostUser } from "../ports/host.ts";
import { errorCode } from "./error-code.ts";

/** Facts of this machine and process. What costs time is looked up, and loaded, when asked for. */
export const nodeHost: Host = {
  platform: process.platform,
  arch: process.arch,
  get libc() {
    return detectLibc();
  },
  get env() {
    return process.env;
  },
  get cwd() {
    return workingDirectory();
  },
  get home() {
    return homedir();
  },
  get temporaryDirectory() {
    return tmpdir();
  },
  get uid() {
    return process.getuid?.() ?? -1;
  },
  get gid() {
    return process.getgid?.() ?? -1;
  },
  get cpus() {
    return availableParallelism();
  },
  get hasInput() {
    try {
      const facts = fstatSync(0);
      return facts.isFIFO() || (facts.isFile() && facts.size > 0);
    } catch {
      // Closed by whoever started us.
      return false;
    }
  },
  async user(name) {
    if (process.platform === "darwin") return await userFromCommand("id", ["-P", name], name);
    const { readFile } = await import("node:fs/promises");
    const passwd = await readFile("/etc/passwd", "utf8").catch(() => "");
    // getent also knows accounts of a directory service; it is not on every machine.
    return userIn(passwd, name) ?? (await userFromCommand("getent", ["passwd", name], name));
  },
  freeDiskBytes,
};

function workingDirectory(): string {
  try {
    return process.cwd();
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
    const { PWD: name = "that this was started in" } = process.env;
    throw new ToolError("COMPOSE_NOT_FOUND", `The directory ${name} does not exist any more.`, {
      hint: "cd to the project's directory, and run it again",
    });
  }
}

function detectLibc(): Host["libc"] {
  if (process.platform !== "linux") return "other";
  // Without this the report looks every interface's name up, which can take seconds.
  Object.assign(process.report, { excludeNetwork: true });
  const report = process.report.getReport() as {
    header?: { glibcVersionRuntime?: string };
    sharedObjects?: string[];
  };
  if (report.header?.glibcVersionRuntime !== undefined) return "glibc";
  return report.sharedObjects?.some((path) => path.includes("ld-musl-")) === true ? "musl" : "other";
}

/** Free bytes where `path` is or would be made. */
async function freeDiskBytes(path: string): Promise<number> {
  const { statfs } = await import("node:fs/promises");
  try {
    const facts = await statfs(path);
    return facts.bavail * facts.bsize;
  } catch (error) {
    if (errorCode(error) !== "ENOENT" || dirname(path) === path) throw error;
    return await freeDiskBytes(dirname(path));
  }
}

async function userFromCommand(program: string, args: string[], name: string): Promise<HostUser | undefined> {
  const [{ execFile }, { promisify }] = await Promise.all([import("node:child_process"), import("node:util")]);
  try {
    const { stdout } = await promisify(execFile)(program, args, {
      env: { PATH: "/usr/bin:/bin", LC_ALL: "C" },
    });
    return userIn(stdout, name);
  } catch {
    // Both exit non-zero when there is no such account.
    return undefined;
  }
}

/** Finds an account in passwd(5) lines; macOS's `id -P` has three more fields before the name's and home's. */
function userIn(passwd: string, name: string): HostUser | undefined {
  for (const line of passwd.split("\n")) {
    const fields = line.split(":");
    if (fields[0] !== name || fields.length < 7) continue;
    return { name, uid: Number(fields[2]), gid: Number(fields[3]), home: fields.at(-2) ?? "/" };
  }
  return undefined;
}
