import { dirname, join } from "node:path";

import type { Files } from "../../ports/files.ts";
import type { ServiceAccess, ServiceFiles } from "../service-access.ts";
import { loadUnitEnvironment } from "./load-unit-environment.ts";
import { loadUnitHistories } from "./load-unit-histories.ts";
import { loadUnitSpec } from "./load-unit-spec.ts";
import type { NativeSession } from "./native-session.ts";
import { planMounts } from "./plan-mounts.ts";
import type { UnitSpec } from "./unit.ts";

/** A service as its unit was last started; undefined when it never was. */
export async function openServiceAccess(session: NativeSession, service: string): Promise<ServiceAccess | undefined> {
  const role = session.topology.services[service];
  const spec = await loadUnitSpec(session, service);
  if (role === undefined || spec === undefined) return undefined;
  const { files, processes } = session.home.ports;
  const mounts = planMounts(session.project, role, session.layout);
  return {
    service,
    env: spec.env,
    workingDirectory: spec.cwd,
    argv: spec.argv,
    run: ({ env, ...request }) =>
      processes.run({
        ...request,
        cwd: spec.cwd,
        env: { ...spec.env, ...env },
        ...(spec.owner === undefined ? {} : { owner: spec.owner }),
      }),
    histories: () => loadUnitHistories(session, service),
    versionOf: async (distributions) => {
      const packages = (await loadUnitEnvironment(session, service))?.packages ?? {};
      return distributions.flatMap((name) => packages[name] ?? [])[0];
    },
    mountOf: (path) => mounts.find(({ source }) => path === source || path.startsWith(`${source}/`)),
    markLog: async () => {
      const from = (await files.stat(spec.logFile))?.size ?? 0;
      return async () =>
        (await files.exists(spec.logFile))
          ? new TextDecoder().decode((await files.readBytes(spec.logFile)).slice(from))
          : "";
    },
    files: createUnitFiles(files, spec),
  };
}

/** The files of a unit: this machine's, because its paths were mapped. */
export function createUnitFiles(files: Files, { owner }: Pick<UnitSpec, "owner">): ServiceFiles {
  const find = async (folder: string, name: RegExp, depth: number): Promise<readonly string[]> => {
    const found: string[] = [];
    for (const entry of await files.list(folder)) {
      const path = join(folder, entry);
      if (name.test(entry)) found.push(path);
      else if (depth > 0 && (await files.stat(path))?.kind === "directory")
        found.push(...(await find(path, name, depth - 1)));
    }
    return found;
  };
  return {
    realPath: async (path) => ((await files.exists(path)) ? files.realPath(path) : path),
    identify: (path) => path,
    readTextIfPresent: (path) => files.readTextIfPresent(path),
    write: async (path, text) => {
      const folder = dirname(path);
      try {
        if (!(await files.exists(folder)))
          await files.makeDirectory(folder, { mode: 0o755, ...(owner === undefined ? {} : { owner }) });
        await files.writeText(path, text, { mode: 0o644 });
        return undefined;
      } catch (error) {
        const code = (error as { code?: unknown }).code;
        if (code === "EACCES" || code === "EPERM" || code === "EROFS") return code;
        throw error;
      }
    },
    find: async (folders, name, depth) => {
      const found: string[] = [];
      for (const folder of folders) {
        if (await files.exists(folder)) found.push(...(await find(await files.realPath(folder), name, depth)));
      }
      return found;
    },
    remove: async (paths) => {
      for (const path of paths) await files.remove(path);
    },
    removeEmpty: async (folders) => {
      for (const folder of folders) {
        const isEmpty = (await files.stat(folder))?.kind === "directory" && (await files.list(folder)).length === 0;
        if (isEmpty) await files.remove(folder);
      }
    },
  };
}
