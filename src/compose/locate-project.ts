import { type Faults } from "./faults.ts";
import { discoverFiles, locateFiles } from "./discover-files.ts";
import type { FileReader } from "./file-reader.ts";
import type { Variable, Variables } from "./interpolate-tree.ts";
import type { LoadRequest } from "./load-request.ts";
import { loadVariables } from "./load-variables.ts";
import { parentPath, resolvePath } from "./paths.ts";

export interface Located {
  readonly files: readonly string[];
  readonly directory: string;
  readonly variables: Variables;
}

/**
 * Which files a request means, the project directory, and the variables that interpolation sees.
 * Source: compose-go cli/options.go and the order of options in docker/compose pkg/compose/loader.go.
 *
 * @throws ToolError COMPOSE_NOT_FOUND
 */
export function locateProject(request: LoadRequest, reader: FileReader, faults: Faults): Located {
  const { cwd, env } = request;
  const shell = new Map<string, Variable>([["PWD", { value: cwd, link: { step: "shell", variable: "PWD" } }]]);
  for (const [variable, value] of Object.entries(env)) {
    if (value !== undefined) shell.set(variable, { value, link: { step: "shell", variable } });
  }
  const named = request.files.length > 0 ? locateFiles(request.files, "-f", cwd, reader) : undefined;
  const directoryOf = (files: readonly string[] | undefined) => {
    if (request.projectDirectory !== undefined && request.projectDirectory !== "")
      return resolvePath(cwd, request.projectDirectory);
    const first = files?.find((file) => file !== "-");
    return first === undefined ? cwd : parentPath(first);
  };
  const early = loadVariables(chooseEnvFiles(request, directoryOf(named), reader), shell, reader, faults);
  const files = named ?? filesFromVariable(early, cwd, reader) ?? discoverFiles(directoryOf(undefined), reader, faults);
  const directory = directoryOf(files);
  const variables = loadVariables(chooseEnvFiles(request, directory, reader), early, reader, faults);
  return { files, directory, variables };
}

function chooseEnvFiles(request: LoadRequest, directory: string, reader: FileReader) {
  const fromVariable = request.env["COMPOSE_ENV_FILES"];
  const named =
    request.envFiles.length > 0 || fromVariable === undefined || fromVariable === ""
      ? request.envFiles
      : fromVariable.split(",");
  if (named.length > 0) return named.map((path) => ({ path: resolvePath(request.cwd, path), at: undefined }));
  if (["1", "t", "T", "TRUE", "true", "True"].includes(request.env["COMPOSE_DISABLE_ENV_FILE"] ?? "")) return [];
  const path = resolvePath(directory, ".env");
  return reader.exists(path) ? [{ path, at: undefined }] : [];
}

function filesFromVariable(variables: Variables, cwd: string, reader: FileReader): readonly string[] | undefined {
  const value = variables.get("COMPOSE_FILE")?.value;
  if (value === undefined) return undefined;
  const separator = variables.get("COMPOSE_PATH_SEPARATOR")?.value;
  return locateFiles(
    value.split(separator === undefined || separator === "" ? ":" : separator),
    "COMPOSE_FILE",
    cwd,
    reader,
  );
}
