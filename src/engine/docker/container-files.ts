import type { RunResult } from "../../ports/processes.ts";
import type { ServiceFiles } from "../service-access.ts";
import { mountAt, type Container } from "./container.ts";
import type { DockerSession } from "./docker-session.ts";
import { dockerFailure } from "./docker-failure.ts";

/** Each is given the paths as $1, $2, ...; POSIX sh and what busybox has. */
const scripts = {
  resolve: `readlink -f -- "$1" || :`,
  read: `[ -f "$1" ] || exit 44; cat -- "$1"`,
  // Whole or not at all: a parser may look at any moment.
  write: `folder=$(dirname -- "$1") && umask 022 && mkdir -p -- "$folder" &&
    cat > "$folder/.$(basename -- "$1").new.tmp" && mv -f -- "$folder/.$(basename -- "$1").new.tmp" "$1"`,
  find: `depth=$1; shift; for folder; do [ -d "$folder" ] && find "$folder/" -mindepth 1 -maxdepth "$depth" -print0; done; :`,
  remove: `rm -rf -- "$@"`,
  removeEmpty: `for folder; do rmdir -- "$folder" 2>/dev/null; done; :`,
} as const;

/**
 * Files in a container, by programs of its own, as root: a folder that is mounted from the host is often its user's. What
 * lies in such a folder is written and removed on the host where that works, so that it is the caller's own there.
 */
export function createContainerFiles(session: DockerSession, container: Container): ServiceFiles {
  const { cli, home } = session;
  const { files: host } = home.ports;
  const exec = async (script: keyof typeof scripts, args: readonly string[], input?: string): Promise<RunResult> =>
    cli.docker(
      ["exec", "--interactive", "--user", "0", container.id, "sh", "-c", scripts[script], "sh", ...args],
      input === undefined ? {} : { input },
    );
  const succeed = async (script: keyof typeof scripts, args: readonly string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await exec(script, args);
    if (exitCode !== 0) throw dockerFailure(stderr);
    return stdout;
  };
  return {
    realPath: async (path) => (await succeed("resolve", [path])).trimEnd() || path,
    identify: (path) => {
      const mount = mountAt(container, path);
      return mount === undefined ? `${container.service}:${path}` : mount.source + path.slice(mount.target.length);
    },
    readTextIfPresent: async (path) => {
      const { exitCode, stdout, stderr } = await exec("read", [path]);
      if (exitCode === 44) return undefined;
      if (exitCode !== 0) throw dockerFailure(stderr);
      return stdout;
    },
    write: async (path, text) => {
      const onHost = await hostPath(path);
      if (onHost !== undefined) {
        try {
          await host.writeText(onHost, text, { mode: 0o644 });
          return undefined;
        } catch {
          // Another account's folder: the container's root may.
        }
      }
      const { exitCode, stderr } = await exec("write", [path], text);
      if (exitCode === 0) return undefined;
      if (/Read-only file system/.test(stderr)) return "EROFS";
      if (/Permission denied/.test(stderr)) return "EACCES";
      if (/Operation not permitted/.test(stderr)) return "EPERM";
      throw dockerFailure(stderr);
    },
    find: async (folders, name, depth) => {
      if (folders.length === 0) return [];
      const paths = (await succeed("find", [String(depth + 1), ...folders]))
        .split("\0")
        .map((path) => path.replace("//", "/"));
      const found = paths.filter((path) => path !== "" && name.test(path.slice(path.lastIndexOf("/") + 1)));
      return found.filter((path) => !found.some((other) => path.startsWith(`${other}/`)));
    },
    remove: async (paths) => {
      const left: string[] = [];
      for (const path of paths) {
        const onHost = await hostPath(path);
        if (onHost === undefined || !(await removes(onHost))) left.push(path);
      }
      if (left.length > 0) await succeed("remove", left);
    },
    removeEmpty: async (folders) => {
      if (folders.length > 0) await succeed("removeEmpty", folders);
    },
  };

  /** A path below a folder of this machine; undefined for a volume, and where the engine is another machine's. */
  async function hostPath(path: string): Promise<string | undefined> {
    const mount = mountAt(container, path);
    if (mount?.isBind !== true || !(await host.exists(mount.source))) return undefined;
    return mount.source + path.slice(mount.target.length);
  }

  async function removes(path: string): Promise<boolean> {
    try {
      await host.remove(path);
      return true;
    } catch {
      return false;
    }
  }
}
