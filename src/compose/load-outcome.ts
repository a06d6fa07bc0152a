import type { Sources } from "../ports/sources.ts";
import { buildProject } from "./build-project.ts";
import { checkConsistency } from "./check-consistency.ts";
import type { ComposeFault, ComposeWarning } from "./compose-fault.ts";
import { projectShape } from "./compose-shapes.ts";
import { addFault, createFaults, sortFaults, type Faults } from "./faults.ts";
import { createFileReader, type FileReader } from "./file-reader.ts";
import { gatherHidden } from "./gather-hidden.ts";
import { interpolateScalar, type Variable, type Variables } from "./interpolate-tree.ts";
import { loadEnvFiles } from "./load-env-files.ts";
import { loadModel } from "./load-model.ts";
import type { LoadRequest } from "./load-request.ts";
import { locateProject } from "./locate-project.ts";
import { normaliseTree } from "./normalise-tree.ts";
import type { Project } from "./project.ts";
import { chooseProjectName } from "./project-name.ts";
import { decodeShape } from "./shapes.ts";
import { splitByProfile } from "./split-by-profile.ts";
import { child, defaultOrigin, mapping, textOf, withEntry, withoutEntry, type Entry, type Mapping } from "./tree.ts";

/** What loading gave: as much of the project as can be known, and everything that is wrong with it. */
export interface LoadOutcome {
  /** Undefined when no model can be built: no file of the project could be read as a mapping with keys. */
  readonly project: Project | undefined;
  /** Everything Compose would refuse and everything Bulkhead cannot read, by place. */
  readonly faults: readonly ComposeFault[];
  /** Those of the faults that keep a part of the project from being seen; `hides` says which part. */
  readonly gaps: readonly ComposeFault[];
}

/**
 * Loads a Compose project as Docker Compose does and goes on where Compose would stop: what is faulty is left out, what
 * could not be read is said, and the rest is a Project. Consequences of a fault are no faults of their own. A service
 * that lost something says so in `incomplete`. Reads only through `sources`.
 *
 * @throws ToolError when nobody can know which project is meant: COMPOSE_NOT_FOUND when there is no Compose file,
 *   COMPOSE_INVALID for an impossible project name
 */
export function loadOutcome(request: LoadRequest, sources: Sources): LoadOutcome {
  const faults = createFaults();
  const reader = createFileReader(sources);
  const project = load(request, reader, faults);
  const all = sortFaults(faults);
  return { project, faults: all, gaps: all.filter(isGap) };
}

function load(request: LoadRequest, reader: FileReader, faults: Faults): Project | undefined {
  const { files, directory, variables } = locateProject(request, reader, faults);
  const known = withProjectName(request, { files, directory, variables }, reader);
  const { name } = known;
  const context = { reader, faults, home: request.env["HOME"], extended: new Map() };
  const loaded = loadModel({ files, directory, variables: known.variables, includedBy: [] }, context);
  if (loaded.entries.size === 0) {
    if (faults.faults.length === 0)
      addFault(faults, `${files.join(", ")}: the file is empty`, undefined, {
        hint: "add services, or make a project with `bulkhead init`",
      });
    return undefined;
  }
  const decoded = decodeShape(projectShape, normaliseTree(loaded, name, known.variables, faults), [], faults);
  const model = decoded?.kind === "map" ? decoded : mapping([], defaultOrigin);
  const { services, jobs, profiles } = splitByProfile(model, request, known.variables);
  const section = (key: string) => {
    const value = child(model, key);
    return value?.kind === "map" ? value : mapping([], defaultOrigin);
  };
  checkConsistency(
    {
      services: services.enabled,
      disabledServices: services.disabled,
      jobs: jobs.enabled,
      disabledJobs: jobs.disabled,
      networks: section("networks"),
      volumes: section("volumes"),
      secrets: section("secrets"),
      configs: section("configs"),
      models: section("models"),
    },
    gatherHidden(faults),
    faults,
  );
  const enabled = new Map<string, Entry>();
  for (const [key, entry] of services.enabled.entries) {
    const value =
      entry.value.kind === "map" ? loadEnvFiles(key, entry.value, known.variables, reader, faults) : entry.value;
    enabled.set(key, { ...entry, value });
  }
  return buildProject({
    model: withSections(withoutEntry(model, "name"), {
      services: mapping(enabled, services.enabled.origin),
      jobs: jobs.enabled,
    }),
    disabledServices: services.disabled,
    facts: {
      name,
      directory,
      files,
      warnings: warningsOf(faults),
      profiles,
      sources: [...reader.seen].map(([path, found]) => ({ path, found })),
    },
    hidden: gatherHidden(faults),
    valueOf: (variable) => known.variables.get(variable)?.value,
  });
}

function withSections(model: Mapping, sections: Readonly<Record<string, Mapping>>): Mapping {
  let result = model;
  for (const [name, section] of Object.entries(sections)) {
    if (section.entries.size > 0 || model.entries.has(name)) result = withEntry(result, name, section);
  }
  return result;
}

/** Where not all variables are known, a blank one says nothing. */
function warningsOf(faults: Faults): readonly ComposeWarning[] {
  const unread = faults.faults.some(({ hides }) => hides?.includes("everything"));
  return unread ? faults.warnings.filter(({ kind }) => kind !== "blank-variable") : faults.warnings;
}

const gapKinds = new Set<ComposeFault["kind"]>([
  "syntax",
  "dotenv",
  "env-file-missing",
  "unreadable",
  "include",
  "remote",
]);

function isGap(fault: ComposeFault): boolean {
  if (fault.kind === "extends") return fault.data.base === undefined;
  return gapKinds.has(fault.kind);
}

interface Located {
  readonly files: readonly string[];
  readonly directory: string;
  readonly variables: Variables;
}

/** The project's name, and the variables with it among them. */
function withProjectName(request: LoadRequest, { files, directory, variables }: Located, reader: FileReader) {
  const given = variables.get("COMPOSE_PROJECT_NAME");
  const name = chooseProjectName({
    flag: request.projectName,
    variable: given?.value,
    written: writtenName(files, variables, reader),
    directory,
  });
  const link = given?.link ?? ({ step: "default", variable: "COMPOSE_PROJECT_NAME" } as const);
  const all: Variables = new Map<string, Variable>([...variables, ["COMPOSE_PROJECT_NAME", { value: name, link }]]);
  return { name, variables: all };
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
      name = textOf(interpolateScalar(written, text, ["name"], variables, ignored));
    }
  }
  return name;
}
