import { assignVariable } from "./assign-variable.ts";
import type { Faults } from "./faults.ts";
import { formatScalar } from "./format-scalar.ts";
import { inheritHooks } from "./inherit-hooks.ts";
import type { Variables } from "./interpolate-tree.ts";
import { cleanPath } from "./paths.ts";
import {
  child,
  defaultOrigin,
  isNull,
  list,
  mapping,
  scalar,
  textOf,
  traceOf,
  withEntry,
  type Entry,
  type Mapping,
  type Tree,
} from "./tree.ts";

/**
 * Adds what Compose implies: the `default` network, Dockerfile names, dependencies that `links`, `network_mode:
 * service:x` and `volumes_from` bring, values of variables named without one, what `pre_start` containers take from their
 * service, and the real names of networks, volumes, secrets and configs. Source: compose-go loader/normalize.go.
 */
export function normaliseTree(tree: Mapping, projectName: string, variables: Variables, faults: Faults): Mapping {
  let result = tree;
  let usesDefault = false;
  for (const kind of ["services", "jobs"]) {
    const workloads = child(tree, kind);
    if (workloads?.kind !== "map") continue;
    const entries = new Map<string, Entry>();
    for (const [name, entry] of workloads.entries) {
      if (entry.value.kind !== "map") {
        entries.set(name, entry);
        continue;
      }
      const connected = connectDefault(entry.value);
      const networks = child(connected, "networks");
      if (networks?.kind === "map" && networks.entries.has("default") && !connected.entries.has("network_mode"))
        usesDefault = true;
      entries.set(name, { ...entry, value: inheritHooks(normaliseWorkload(connected, variables), faults) });
    }
    result = withEntry(result, kind, mapping(entries, workloads.origin));
  }
  const declared = child(result, "networks");
  const networks = declared?.kind === "map" ? declared : mapping([], defaultOrigin);
  if (usesDefault && !networks.entries.has("default")) {
    result = withEntry(result, "networks", withEntry(networks, "default", scalar(null, defaultOrigin)));
  }
  for (const kind of ["networks", "volumes", "configs", "secrets"]) result = nameResources(result, kind, projectName);
  return result;
}

function connectDefault(service: Mapping): Mapping {
  if (service.entries.has("provider") || service.entries.has("network_mode")) return service;
  const networks = child(service, "networks");
  if (networks?.kind === "map" && networks.entries.size > 0) return service;
  return withEntry(service, "networks", mapping([["default", scalar(null, defaultOrigin)]], defaultOrigin));
}

function normaliseWorkload(service: Mapping, variables: Variables): Mapping {
  let result = service;
  const policy = child(result, "pull_policy");
  if (policy !== undefined && textOf(policy) === "if_not_present")
    result = withEntry(result, "pull_policy", scalar("missing", policy.origin));
  const build = child(result, "build");
  if (build?.kind === "map") result = withEntry(result, "build", normaliseBuild(build, variables));
  const environment = child(result, "environment");
  if (environment !== undefined) result = withEntry(result, "environment", fillVariables(environment, variables, true));
  const volumes = child(result, "volumes");
  if (volumes?.kind === "list")
    result = withEntry(result, "volumes", list(volumes.items.map(cleanTarget), volumes.origin));
  const deploy = child(result, "deploy");
  const scale = result.entries.get("scale");
  // Both at once are compared later; Compose copies the one that stands alone.
  if (scale !== undefined && deploy?.kind === "map" && !deploy.entries.has("replicas"))
    result = withEntry(result, "deploy", withEntry(deploy, "replicas", scale.value, scale.keySpan));
  const dependencies = impliedDependencies(result);
  return dependencies === undefined ? result : withEntry(result, "depends_on", dependencies);
}

function normaliseBuild(build: Mapping, variables: Variables): Mapping {
  let result = build;
  if (!result.entries.has("context") || isNull(child(result, "context")))
    result = withEntry(result, "context", scalar(".", build.origin));
  const named = child(result, "dockerfile");
  const inline = child(result, "dockerfile_inline");
  if ((named === undefined || isNull(named)) && (inline === undefined || isNull(inline))) {
    result = withEntry(result, "dockerfile", scalar("Dockerfile", { chain: [{ step: "default" }], losers: [] }));
  }
  const args = child(result, "args");
  return args === undefined ? result : withEntry(result, "args", fillVariables(args, variables, false));
}

function fillVariables(tree: Tree, variables: Variables, keepUnset: boolean): Tree {
  if (tree.kind === "map") {
    const entries = new Map<string, Entry>();
    for (const [key, entry] of tree.entries) {
      const variable = isNull(entry.value) ? variables.get(key) : undefined;
      if (variable !== undefined) {
        const { chain, losers } = entry.value.origin;
        entries.set(key, {
          ...entry,
          value: scalar(variable.value, { chain: [...chain, variable.link], losers }, variable.trace),
        });
      } else if (keepUnset || !isNull(entry.value)) {
        entries.set(key, entry);
      }
    }
    return mapping(entries, tree.origin);
  }
  if (tree.kind !== "list") return tree;
  const items: Tree[] = [];
  for (const item of tree.items) {
    const text = textOf(item) ?? "";
    const variable = text.includes("=") ? undefined : variables.get(text);
    if (variable !== undefined) {
      items.push(assignVariable(item, text, variable));
    } else if (keepUnset || text.includes("=")) {
      items.push(item);
    }
  }
  return list(items, tree.origin);
}

function cleanTarget(volume: Tree): Tree {
  const target = child(volume, "target");
  const text = textOf(target);
  if (volume.kind !== "map" || target === undefined || text === undefined) return volume;
  return withEntry(
    volume,
    "target",
    scalar(cleanPath(text), target.origin, cleanPath(text) === text ? traceOf(target) : undefined),
  );
}

function impliedDependencies(service: Mapping): Mapping | undefined {
  const written = child(service, "depends_on");
  let result = written?.kind === "map" ? written : mapping([], defaultOrigin);
  const add = (name: string, restart: boolean, from: Tree) => {
    if (result.entries.has(name)) return;
    const value = mapping(
      [
        ["condition", scalar("service_started", from.origin)],
        ["restart", scalar(restart, from.origin)],
        ["required", scalar(true, from.origin)],
      ],
      from.origin,
    );
    result = withEntry(result, name, value);
  };
  for (const link of itemsOf(child(service, "links"))) {
    const parts = (textOf(link) ?? "").split(":");
    add(parts.length === 2 ? (parts[0] ?? "") : (textOf(link) ?? ""), true, link);
  }
  for (const key of ["network_mode", "ipc", "pid", "uts", "cgroup"]) {
    const shared = child(service, key);
    const text = textOf(shared);
    if (shared !== undefined && text?.startsWith("service:")) add(text.slice("service:".length), true, shared);
  }
  for (const from of itemsOf(child(service, "volumes_from"))) {
    const text = textOf(from) ?? "";
    if (!text.startsWith("container:")) add(text.split(":")[0] ?? "", false, from);
  }
  return result.entries.size > 0 ? result : undefined;
}

function itemsOf(tree: Tree | undefined): readonly Tree[] {
  return tree?.kind === "list" ? tree.items : [];
}

function nameResources(tree: Mapping, kind: string, projectName: string): Mapping {
  const resources = child(tree, kind);
  if (resources?.kind !== "map") return tree;
  const entries = new Map<string, Entry>();
  for (const [key, entry] of resources.entries) {
    const resource = entry.value.kind === "map" ? entry.value : mapping([], entry.value.origin);
    const own = child(resource, "name");
    if (own !== undefined && !isNull(own)) {
      entries.set(key, { ...entry, value: resource });
      continue;
    }
    const external = child(resource, "external");
    const isExternal =
      external?.kind === "scalar" && ["true", "True", "TRUE", "1", "t", "T"].includes(formatScalar(external.value));
    const name = scalar(isExternal ? key : `${projectName}_${key}`, defaultOrigin);
    entries.set(key, { ...entry, value: withEntry(resource, "name", name) });
  }
  return withEntry(tree, kind, mapping(entries, resources.origin));
}
