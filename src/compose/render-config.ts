import { stringify } from "yaml";
import { projectShape } from "./compose-shapes.ts";
import { ulimit } from "./decode-leaves.ts";
import type { Project } from "./project.ts";
import type { Shape } from "./shapes.ts";

type Plain = Readonly<Record<string, unknown>>;

/**
 * The effective model as `docker compose config` prints it: unused networks, volumes, secrets and configs left out,
 * env files already in the environment, `$` doubled so that the output can be loaded again. Values are Compose's own;
 * the order of keys is ours. Contains secrets where the project does.
 */
export function renderConfig(project: Project, format: "json" | "yaml"): string {
  const model = strip(projectShape, visibleModel(project, format), format) as Plain;
  const text =
    format === "json"
      ? JSON.stringify(model, writeBigint, 2)
      : // Text that YAML 1.1 takes for a date or a number stands in quotes: Compose would read it as one.
        stringify(model, { lineWidth: 0, aliasDuplicateObjects: false, compat: "yaml-1.1" });
  return text.replaceAll("$", () => "$$");
}

/** JSON has no other way to print an integer beyond 2^53. */
function writeBigint(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? Number(value) : value;
}

function visibleModel(project: Project, format: "json" | "yaml"): Plain {
  const services: Record<string, unknown> = {};
  const used = {
    networks: new Set<string>(),
    volumes: new Set<string>(),
    secrets: new Set<string>(),
    configs: new Set<string>(),
    models: new Set<string>(),
  };
  for (const [name, service] of Object.entries(project.services)) {
    const plain = (project.model["services"] as Readonly<Record<string, Plain>>)[name] ?? {};
    const { env_file: _, ...shown } = plain;
    services[name] = withCommands(shown);
    for (const network of Object.keys(service.networks)) used.networks.add(network);
    for (const mount of service.volumes)
      if (mount.type === "volume" && mount.source !== undefined) used.volumes.add(mount.source);
    for (const secret of [...service.secrets, ...buildSecrets(service.build?.other)]) used.secrets.add(secret.source);
    for (const config of service.configs) used.configs.add(config.source);
    for (const model of Object.keys(plain["models"] ?? {})) used.models.add(model);
  }
  const model: Record<string, unknown> = { name: project.name, services, ...project.extensions };
  for (const [kind, names] of Object.entries(used)) {
    // Compose leaves models out of its JSON.
    if (kind === "models" && format === "json") continue;
    const all = (project.model[kind] ?? {}) as Plain;
    const kept = Object.entries(all).filter(([name]) => names.has(name));
    if (kept.length === 0) continue;
    model[kind] = Object.fromEntries(kept.map(([name, value]) => [name, hideContent(value as Plain)]));
  }
  const jobs = Object.entries((project.model["jobs"] ?? {}) as Plain).map(([name, job]) => {
    const shown = withCommands(job as Plain);
    // Only in YAML does a job repeat its key.
    return [name, format === "yaml" ? { name, ...shown } : shown] as const;
  });
  if (jobs.length > 0) model["jobs"] = Object.fromEntries(jobs);
  return model;
}

/** A container with its `command` and `entrypoint` even when they are absent, and so with those of its `pre_start`. */
function withCommands(container: Plain): Plain {
  const hooks = container["pre_start"] as readonly Plain[] | undefined;
  return {
    ...container,
    command: container["command"] ?? null,
    entrypoint: container["entrypoint"] ?? null,
    ...(hooks === undefined ? {} : { pre_start: hooks.map(withCommands) }),
  };
}

function buildSecrets(other: Plain | undefined): readonly { readonly source: string }[] {
  return (other?.["secrets"] ?? []) as readonly { readonly source: string }[];
}

/** A config whose content comes from a variable is printed by the variable's name only. */
function hideContent(resource: Plain): Plain {
  if (resource["environment"] === undefined) return resource;
  const { content: _, ...shown } = resource;
  return shown;
}

/**
 * Leaves out what the format does not show: JSON has no `x-*` below the top level; YAML no absent commands and no empty
 * parts that JSON prints always.
 */
function strip(shape: Shape, value: unknown, format: "json" | "yaml", top = true): unknown {
  if (value === null || typeof value !== "object") return value;
  if (shape.kind === "list")
    return (value as readonly unknown[]).map((item) => strip(shape.items, item, format, false));
  // Both limits stand in YAML even when they are zero.
  if (shape === ulimit && format === "yaml") return { soft: 0, hard: 0, ...value };
  if (shape.kind === "leaf") return value;
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    if (shape.kind === "map") {
      result[key] = strip(shape.values, item, format, false);
      continue;
    }
    if (key.startsWith("x-")) {
      if (top || format === "yaml") result[key] = item;
      continue;
    }
    // The few keys that Compose prints in capitals are capitals in JSON only.
    const lower = key.toLowerCase();
    const field = shape.fields.get(lower);
    if (format === "yaml" && isAbsent(key, item, field?.keep)) continue;
    result[format === "yaml" ? lower : key] = field === undefined ? item : strip(field.shape, item, format, false);
  }
  return result;
}

function isAbsent(key: string, value: unknown, keep: "zero" | "always" | undefined): boolean {
  if ((key === "command" || key === "entrypoint") && value === null) return true;
  return keep === "always" && isEmpty(value);
}

/** Null, or a mapping of nothing else. */
function isEmpty(value: unknown): boolean {
  return value === null || (typeof value === "object" && Object.values(value).every(isEmpty));
}
