import { basename, dirname, join, resolve } from "node:path";

import { ToolError } from "../../core/tool-error.ts";
import type { LoadRequest } from "../../compose/load-request.ts";
import type { Sources } from "../../ports/sources.ts";
import type { ActionContext, ProjectOptions } from "../context.ts";
import { loadRequest } from "../load-request.ts";

const discovered = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
const overrides = discovered.map((name) => name.replace(/\.(ya?ml)$/, ".override.$1"));

/**
 * The projects that a check means: the one of the project options, or one for each path. A directory is the project
 * that Compose finds there; so is a file that Compose finds by itself, so that its override file counts. With
 * `recursive`, every project at and below the directories.
 *
 * @throws ToolError COMPOSE_NOT_FOUND for a path that is neither, or where `recursive` finds nothing
 */
export async function findProjects(
  context: ActionContext,
  options: ProjectOptions,
  wanted: { readonly paths: readonly string[]; readonly recursive: boolean },
): Promise<readonly LoadRequest[]> {
  const { files, host, sources } = context.ports;
  const base = loadRequest(context, options);
  if (wanted.paths.length === 0 && !wanted.recursive) return [base];
  // Looking into the live environment is slow, and each load looks at all of it.
  const own = { ...base, env: { ...base.env } };
  const paths = (wanted.paths.length === 0 ? ["."] : wanted.paths).map((path) => resolve(host.cwd, path));
  const requests: LoadRequest[] = [];
  for (const path of paths) {
    const kind = sources.kindOf(path);
    if (kind === "file") requests.push(ofFile(path, own));
    else if (kind === "directory" && !wanted.recursive) requests.push({ ...own, cwd: path, files: [] });
    else if (kind === "directory") {
      const { listProjectDirectories } = await import("./list-project-directories.ts");
      const directories = await listProjectDirectories(path, files);
      requests.push(...directories.flatMap((directory) => ofDirectory(directory, own, sources)));
    } else {
      throw new ToolError("COMPOSE_NOT_FOUND", `${path} is neither a Compose file nor a directory.`, {
        hint: "bulkhead check PATH with a Compose file or its directory",
      });
    }
  }
  if (requests.length === 0) {
    throw new ToolError("COMPOSE_NOT_FOUND", `There is no Compose file in ${paths.join(", ")} or below.`, {
      hint: "bulkhead check PATH with a Compose file",
    });
  }
  const seen = new Set<string>();
  return requests.filter(({ cwd, files }) => {
    const key = [cwd, ...files].join("\n");
    return seen.has(key) ? false : seen.add(key);
  });
}

function ofFile(path: string, base: LoadRequest): LoadRequest {
  const directory = dirname(path);
  return [...discovered, ...overrides].includes(basename(path))
    ? { ...base, cwd: directory, files: [] }
    : { ...base, cwd: directory, files: [path] };
}

/** The project Compose finds in a directory; where there is none, each file that is a Compose file by its name. */
function ofDirectory(directory: string, base: LoadRequest, sources: Sources): readonly LoadRequest[] {
  const names = sources.list(directory);
  if (names.some((name) => discovered.includes(name))) return [{ ...base, cwd: directory, files: [] }];
  return names
    .filter((name) => /compose.*\.ya?ml$/i.test(name) && !/override/i.test(name))
    .map((name) => ({ ...base, cwd: directory, files: [join(directory, name)] }));
}
