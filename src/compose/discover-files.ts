import { ToolError } from "../core/tool-error.ts";
import { addWarning, type Faults } from "./faults.ts";
import type { FileReader } from "./file-reader.ts";
import { parentPath, resolvePath } from "./paths.ts";

const fileNames = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"] as const;
const overrideNames = [
  "compose.override.yml",
  "compose.override.yaml",
  "docker-compose.override.yml",
  "docker-compose.override.yaml",
] as const;

/**
 * The Compose files of a directory: the first of the known names there or in a parent, and the first override file
 * beside it. Source: compose-go cli/options.go.
 *
 * @throws ToolError COMPOSE_NOT_FOUND with the names looked for and where
 */
export function discoverFiles(directory: string, reader: FileReader, faults: Faults): readonly string[] {
  for (let at = directory; ; at = parentPath(at)) {
    const found = fileNames.map((name) => resolvePath(at, name)).filter((path) => reader.exists(path));
    const [first] = found;
    if (first !== undefined) {
      warnAboutChoice(found, faults);
      const overrides = overrideNames.map((name) => resolvePath(at, name)).filter((path) => reader.exists(path));
      warnAboutChoice(overrides, faults);
      return [first, ...overrides.slice(0, 1)];
    }
    if (parentPath(at) === at) break;
  }
  throw new ToolError(
    "COMPOSE_NOT_FOUND",
    `no Compose file in ${directory} or a directory above it; looked for ${fileNames.join(", ")}`,
    {
      hint: "make a project with `bulkhead init`, or name a file with `-f FILE`",
      detail: { directory, names: fileNames },
    },
  );
}

function warnAboutChoice(found: readonly string[], faults: Faults): void {
  if (found.length < 2) return;
  addWarning(faults, `several files could be meant (${found.join(", ")}); using ${found[0] ?? ""}`, undefined, {
    hint: "name the file with `-f FILE`",
  });
}

/**
 * Absolute paths of files that were named, with a check that they exist; `-`, standard input, stays.
 *
 * @param namedBy what named them, for the message: `-f` or `COMPOSE_FILE`
 * @throws ToolError COMPOSE_NOT_FOUND
 */
export function locateFiles(
  files: readonly string[],
  namedBy: string,
  cwd: string,
  reader: FileReader,
): readonly string[] {
  return files.map((file) => {
    if (file === "-") return file;
    const path = resolvePath(cwd, file);
    if (reader.exists(path)) return path;
    throw new ToolError("COMPOSE_NOT_FOUND", `the Compose file ${path}, named by ${namedBy}, does not exist`, {
      hint: "name an existing file with `-f FILE`, or make a project with `bulkhead init`",
      detail: { path },
    });
  });
}
