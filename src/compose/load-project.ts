import type { Sources } from "../ports/sources.ts";
import { ToolError } from "../core/tool-error.ts";
import { buildProject } from "./build-project.ts";
import { checkConsistency } from "./check-consistency.ts";
import { projectShape } from "./compose-shapes.ts";
import { discoverFiles, locateFiles } from "./discover-files.ts";
import { addMessage, createFaults, throwFaults, type Faults } from "./faults.ts";
import { createFileReader, type FileReader } from "./file-reader.ts";
import { interpolateScalar, type Variable, type Variables } from "./interpolate-tree.ts";
import { loadEnvFiles } from "./load-env-files.ts";
import { loadModel } from "./load-model.ts";
import { loadVariables } from "./load-variables.ts";
import { normaliseTree } from "./normalise-tree.ts";
import { parentPath, resolvePath } from "./paths.ts";
import { chooseProjectName } from "./project-name.ts";
import type { Project } from "./project.ts";
import { decodeShape } from "./shapes.ts";
import { child, defaultOrigin, mapping, textOf, withEntry, withoutEntry, type Entry, type Mapping } from "./tree.ts";

/** What to load, as the command line and the shell give it. */
export interface LoadRequest {
  /** Absolute working directory. */
  readonly cwd: string;
  /** `-f`, in order; empty: COMPOSE_FILE, else discovery. */
  readonly files: readonly string[];
  readonly projectName: string | undefined;
  readonly projectDirectory: string | undefined;
  /** `--profile`; empty: COMPOSE_PROFILES. */
  readonly profiles: readonly string[];
  /** `--env-file`, in order; empty: COMPOSE_ENV_FILES, else `.env`. */
  readonly envFiles: readonly string[];
  /** The shell's variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Loads a Compose project as Docker Compose does: text in, the effective model with the origin of every value out.
 * Reads only through `sources`.
 *
 * @throws ToolError COMPOSE_NOT_FOUND when there is no Compose file; COMPOSE_INVALID with all faults, each
 *   `file:line:column: what`, and `detail.faults` as ComposeMessage[]; COMPOSE_UNSUPPORTED, with places, for features
 *   that are not understood
 */
export function loadProject(sources: Sources, request: LoadRequest): Project {
  const faults = createFaults();
  const reader = createFileReader(sources);
  const { files, directory, variables } = locateProject(request, reader, faults);
  const name = chooseProjectName({
    flag: request.projectName,
    variable: variables.get("COMPOSE_PROJECT_NAME")?.value,
    written: writtenName(files, variables, reader),
    directory,
  });
  const all: Variables = new Map<string, Variable>([
    ...variables,
    [
      "COMPOSE_PROJECT_NAME",
      {
        value: name,
        link: variables.get("COMPOSE_PROJECT_NAME")?.link ?? { step: "default", variable: "COMPOSE_PROJECT_NAME" },
      },
    ],
  ]);
  const loaded = loadModel(
    { files, directory, variables: all, includedBy: [] },
    { reader, faults, home: request.env["HOME"] },
  );
  refuseUnsupported(loaded, faults);
  throwFaults(faults);
  if (loaded.entries.size === 0) {
    throw new ToolError("COMPOSE_INVALID", `${files.join(", ")}: the file is empty`, {
      hint: "add services, or make a project with `bulkhead init`",
    });
  }
  const decoded = decodeShape(projectShape, normaliseTree(loaded, name, all), [], faults);
  throwFaults(faults);
  const model = decoded?.kind === "map" ? decoded : mapping([], defaultOrigin);
  const { enabled, disabled } = splitByProfile(model, activeProfiles(request, all));
  const section = (key: string) => {
    const value = child(model, key);
    return value?.kind === "map" ? value : mapping([], defaultOrigin);
  };
  checkConsistency(
    {
      services: enabled,
      disabledServices: disabled,
      networks: section("networks"),
      volumes: section("volumes"),
      secrets: section("secrets"),
      configs: section("configs"),
    },
    faults,
  );
  const services = new Map<string, Entry>();
  for (const [key, entry] of enabled.entries) {
    const value = entry.value.kind === "map" ? loadEnvFiles(entry.value, all, reader, faults) : entry.value;
    services.set(key, { ...entry, value });
  }
  throwFaults(faults);
  return buildProject({
    model: withEntry(withoutEntry(model, "name"), "services", mapping(services, enabled.origin)),
    disabledServices: disabled,
    facts: {
      name,
      directory,
      files,
      warnings: faults.warnings,
      sources: [...reader.seen].map(([path, found]) => ({ path, found })),
    },
    valueOf: (variable) => all.get(variable)?.value,
  });
}

interface Located {
  readonly files: readonly string[];
  readonly directory: string;
  readonly variables: Variables;
}

/** Source: compose-go cli/options.go and the order of options in docker/compose pkg/compose/loader.go. */
function locateProject(request: LoadRequest, reader: FileReader, faults: Faults): Located {
  const { cwd, env } = request;
  const shell = new Map<string, Variable>([["PWD", { value: cwd, link: { step: "shell", variable: "PWD" } }]]);
  for (const [variable, value] of Object.entries(env)) {
    if (value !== undefined) shell.set(variable, { value, link: { step: "shell", variable } });
  }
  const named = request.files.length > 0 ? locateFiles(request.files, "-f", cwd, reader) : undefined;
  const directoryOf = (files: readonly string[] | undefined) => {
    if (request.projectDirectory !== undefined && request.projectDirectory !== "")
      return resolvePath(cwd, request.projectDirectory);
    return files?.[0] === undefined ? cwd : parentPath(files[0]);
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

/** `name:` of the last document that has one. Faults are left to the load itself. */
function writtenName(files: readonly string[], variables: Variables, reader: FileReader): string | undefined {
  const ignored = createFaults();
  let name: string | undefined;
  for (const file of files) {
    const source = reader.read(file, ignored);
    if (source === undefined || source === "missing") continue;
    for (const { root } of reader.parse(source, ignored)) {
      const written = child(root, "name");
      const text = textOf(written);
      if (written?.kind !== "scalar" || text === undefined || text === "") continue;
      name = textOf(interpolateScalar(written, text, variables, ignored));
    }
  }
  return name;
}

function refuseUnsupported(model: Mapping, faults: Faults): void {
  for (const key of ["jobs", "models"]) {
    const entry = model.entries.get(key);
    if (entry !== undefined) addMessage(faults.unsupported, `"${key}" is not supported`, entry.keySpan);
  }
  const services = child(model, "services");
  if (services?.kind !== "map") return;
  for (const [name, { value }] of services.entries) {
    if (value.kind !== "map") continue;
    const entry = value.entries.get("pre_start");
    if (entry !== undefined)
      addMessage(
        faults.unsupported,
        `"pre_start" of service "${name}" is not supported`,
        entry.keySpan,
        "make it a service of its own and wait for service_completed_successfully",
      );
  }
}

function activeProfiles(request: LoadRequest, variables: Variables): readonly string[] {
  if (request.profiles.length > 0) return request.profiles;
  return (variables.get("COMPOSE_PROFILES")?.value ?? "").split(",").map((profile) => profile.trim());
}

function splitByProfile(model: Mapping, active: readonly string[]): { enabled: Mapping; disabled: Mapping } {
  const services = child(model, "services");
  const enabled = new Map<string, Entry>();
  const disabled = new Map<string, Entry>();
  for (const [name, entry] of services?.kind === "map" ? services.entries : []) {
    const profiles = child(entry.value, "profiles");
    const declared = profiles?.kind === "list" ? profiles.items.map(textOf) : [];
    const runs =
      declared.length === 0 || active.includes("*") || declared.some((profile) => active.includes(profile ?? ""));
    (runs ? enabled : disabled).set(name, entry);
  }
  const origin = services?.origin ?? defaultOrigin;
  return { enabled: mapping(enabled, origin), disabled: mapping(disabled, origin) };
}
