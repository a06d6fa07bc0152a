import { createOriginIndex } from "./origin-index.ts";
import type {
  Project,
  Service,
  Build,
  Mount,
  NetworkAttachment,
  Network,
  Volume,
  FileSource,
  FileMount,
} from "./project.ts";
import type { HiddenParts } from "./gather-hidden.ts";
import { toPlain } from "./to-plain.ts";
import type { Mapping } from "./tree.ts";

type Plain = Readonly<Record<string, unknown>>;

/** What `buildProject` makes a Project of: decoded trees, and the facts of the load. */
export interface ProjectParts {
  readonly model: Mapping;
  readonly disabledServices: Mapping;
  readonly facts: Pick<Project, "name" | "directory" | "files" | "warnings" | "sources" | "profiles">;
  /** What faults keep from being known of services. */
  readonly hidden: HiddenParts;
  /** The value of a secret or config that comes from a variable. */
  readonly valueOf: (variable: string) => string | undefined;
}

/** Gives a decoded model the shape of a Project, with an index of origins over it. */
export function buildProject(parts: ProjectParts): Project {
  const plain = toPlain(parts.model) as Plain;
  const service = (value: unknown, name: string) => buildService(value, parts.facts.directory, parts.hidden.of(name));
  return {
    ...parts.facts,
    services: mapValues(plain["services"], service),
    disabledServices: mapValues(toPlain(parts.disabledServices), service),
    networks: mapValues(plain["networks"], (value) => named<Network>(value)),
    volumes: mapValues(plain["volumes"], (value) => named<Volume>(value)),
    secrets: mapValues(plain["secrets"], (value) => buildSource(value, parts.valueOf)),
    configs: mapValues(plain["configs"], (value) => buildSource(value, parts.valueOf)),
    extensions: pick(plain, isExtension),
    origins: createOriginIndex(parts.model, parts.disabledServices),
    model: plain,
  };
}

const serviceKeys = new Set([
  "image",
  "build",
  "command",
  "entrypoint",
  "environment",
  "env_file",
  "depends_on",
  "healthcheck",
  "ports",
  "expose",
  "volumes",
  "tmpfs",
  "networks",
  "network_mode",
  "secrets",
  "configs",
  "profiles",
  "restart",
  "working_dir",
  "user",
  "container_name",
  "hostname",
  "extra_hosts",
  "init",
  "stdin_open",
  "tty",
  "read_only",
  "stop_grace_period",
  "stop_signal",
  "platform",
  "pull_policy",
]);

function buildService(value: unknown, directory: string, incomplete: readonly string[]): Service {
  const plain = value as Plain;
  const known = pick(plain, (key) => serviceKeys.has(key));
  return {
    ...known,
    ...(plain["build"] === undefined ? {} : { build: buildBuild(plain["build"], directory) }),
    environment: (plain["environment"] ?? {}) as Service["environment"],
    ...(plain["env_file"] === undefined
      ? {}
      : {
          env_file: (plain["env_file"] as NonNullable<Service["env_file"]>).map((file) => ({
            ...file,
            required: file.required ?? true,
          })),
        }),
    depends_on: (plain["depends_on"] ?? {}) as Service["depends_on"],
    ports: (plain["ports"] ?? []) as Service["ports"],
    volumes: ((plain["volumes"] ?? []) as unknown[]).map((item) =>
      split<Mount>(item, ["type", "source", "target", "read_only"]),
    ),
    networks: mapValues(plain["networks"], (item) =>
      item === null ? null : split<NetworkAttachment>(item, ["aliases"]),
    ),
    secrets: ((plain["secrets"] ?? []) as Plain[]).map((item) => buildMount(item, "/run/secrets/")),
    configs: ((plain["configs"] ?? []) as Plain[]).map((item) => buildMount(item, "/")),
    profiles: (plain["profiles"] ?? []) as readonly string[],
    ...(incomplete.length === 0 ? {} : { incomplete }),
    extensions: pick(plain, isExtension),
    other: pick(plain, (key) => !serviceKeys.has(key) && !isExtension(key)),
  };
}

/** A blank context (an unset variable) is printed by Compose as none, and means the project directory. */
function buildBuild(value: unknown, directory: string): Build {
  const keys = ["context", "dockerfile", "dockerfile_inline", "args", "target"];
  return { context: directory, args: {}, ...split<Omit<Build, "args" | "context">>(value, keys) };
}

function buildMount(plain: Plain, directory: string): FileMount {
  const source = String(plain["source"]);
  const target = typeof plain["target"] === "string" ? plain["target"] : source;
  return { ...(plain as object), source, target: target.startsWith("/") ? target : `${directory}${target}` };
}

function buildSource(value: unknown, valueOf: (variable: string) => string | undefined): FileSource {
  const plain = pick(value as Plain, (key) =>
    ["name", "file", "environment", "content", "external"].includes(key),
  ) as unknown as FileSource;
  const found = plain.environment === undefined ? undefined : valueOf(plain.environment);
  return found === undefined ? plain : { ...plain, value: found };
}

function named<T>(value: unknown): T {
  return split<T>(value, ["name", "external"]);
}

function split<T>(value: unknown, keys: readonly string[]): T {
  const plain = value as Plain;
  return { ...pick(plain, (key) => keys.includes(key)), other: pick(plain, (key) => !keys.includes(key)) } as T;
}

function isExtension(key: string): boolean {
  return key.startsWith("x-");
}

function pick(plain: Plain, wanted: (key: string) => boolean): Plain {
  return Object.fromEntries(Object.entries(plain).filter(([key]) => wanted(key)));
}

function mapValues<T>(value: unknown, work: (item: unknown, key: string) => T): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries((value ?? {}) as Plain).map(([key, item]) => [key, work(item, key)]));
}
