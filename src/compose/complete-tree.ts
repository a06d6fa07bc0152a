import { addFault, type Faults } from "./faults.ts";
import type { Variables } from "./interpolate-tree.ts";
import { isIpAddress } from "./parse-port.ts";
import { createPathTable, stepPath, valueHere, type PathTable } from "./path-table.ts";
import { assignVariable } from "./assign-variable.ts";
import { resolvePath } from "./paths.ts";
import { traceJoined, tracePart, type Trace } from "./trace.ts";
import {
  child,
  list,
  mapping,
  scalar,
  spanOf,
  textOf,
  traceOf,
  withEntry,
  type Entry,
  type Mapping,
  type Tree,
} from "./tree.ts";

type Step = (tree: Tree, path: readonly string[], faults: Faults) => Tree;

function onMapping(work: (tree: Mapping, path: readonly string[], faults: Faults) => Tree): Step {
  return (tree, path, faults) => (tree.kind === "map" ? work(tree, path, faults) : tree);
}

function absent(tree: Mapping, key: string, value: Parameters<typeof scalar>[0]): Mapping {
  return tree.entries.has(key) ? tree : withEntry(tree, key, scalar(value, tree.origin));
}

const deviceRequest = onMapping((tree, path, faults) => {
  if (tree.entries.has("count") && tree.entries.has("device_ids")) {
    addFault(faults, `${path.join(".")}: "count" and "device_ids" exclude each other`, spanOf(tree));
  }
  return tree.entries.has("device_ids") ? tree : absent(tree, "count", "all");
});

const workloadDefaults: readonly (readonly [string, Step])[] = [
  ["build", onMapping((tree) => absent(tree, "context", "."))],
  ["secrets.*", onMapping((tree) => absent(tree, "target", `/run/secrets/${textOf(child(tree, "source")) ?? ""}`))],
  ["ports.*", onMapping((tree) => absent(absent(tree, "protocol", "tcp"), "mode", "ingress"))],
  ["gpus.*", deviceRequest],
  ["volumes.*.bind", onMapping((tree) => absent(tree, "create_host_path", true))],
];

const defaults: PathTable<Step> = createPathTable<Step>([
  ...workloadDefaults.flatMap(([path, step]) => [
    [`services.*.${path}`, step] as const,
    [`jobs.*.${path}`, step] as const,
  ]),
  ["services.*.deploy.resources.reservations.devices.*", deviceRequest],
]);

function sources(keys: readonly string[]): Step {
  return onMapping((tree, path, faults) => {
    const where = path.join(".");
    const present = keys.filter((key) => tree.entries.has(key));
    if (present.length > 1) addFault(faults, `${where}: ${present.join(" and ")} exclude each other`, spanOf(tree));
    if (present.length === 0 && !tree.entries.has("driver") && !tree.entries.has("external")) {
      addFault(faults, `${where} needs one of ${keys.join(", ")}`, spanOf(tree));
    }
    return tree;
  });
}

const checks: PathTable<Step> = createPathTable<Step>([
  [
    "volumes.*",
    onMapping((tree, path, faults) => {
      const external = child(tree, "external");
      if (external?.kind !== "scalar" || external.value !== true) return tree;
      for (const [key, entry] of tree.entries) {
        if (key === "name" || key === "external" || key.startsWith("x-")) continue;
        addFault(
          faults,
          `${path.join(".")} is external and cannot have "${key}"`,
          entry.keySpan ?? spanOf(entry.value),
        );
      }
      return tree;
    }),
  ],
  ["configs.*", sources(["file", "environment", "content"])],
  ["secrets.*", sources(["file", "environment"])],
  [
    "services.*.ports.*",
    onMapping((tree, path, faults) => {
      const address = child(tree, "host_ip");
      const ip = textOf(address);
      if (ip !== undefined && !isIpAddress(ip))
        addFault(faults, `${path.slice(0, -1).join(".")}: invalid IP address "${ip}"`, spanOf(address));
      return tree;
    }),
  ],
  [
    "services.*.develop.watch.*.path",
    (tree, path, faults) => {
      if (textOf(tree) === "") addFault(faults, `${path.join(".")} must not be blank`, spanOf(tree));
      return tree;
    },
  ],
]);

/** Adds Compose's defaults and checks what its schema cannot say. Sources: compose-go transform/defaults.go, validation/. */
export function completeTree(tree: Tree, faults: Faults): Tree {
  return visit(visit(tree, [defaults], [], faults), [checks], [], faults);
}

/**
 * Makes every path in the model absolute: build contexts (not URLs), env and label files, bind sources, secret and
 * config files, local bind volumes. Source: compose-go paths/resolve.go.
 *
 * @param directory absolute directory that relative paths start from
 * @param home what `~` stands for
 */
export function resolvePaths(tree: Tree, directory: string, home: string | undefined, faults: Faults): Tree {
  const expand = (path: string) =>
    path.startsWith("~") && home !== undefined ? resolvePath(home, `./${path.slice(1)}`) : path;
  const absolute = (path: string) => {
    const expanded = expand(path);
    return expanded === "" || expanded.startsWith("/") ? expanded : resolvePath(directory, expanded);
  };
  const plain: Step = (value) => rewrite(value, absolute);
  const unix: Step = (value) =>
    rewrite(value, (path) => (isWindowsAbsolute(expand(path)) ? expand(path) : keepEmptyAsDirectory(path)));
  const keepEmptyAsDirectory = (path: string) =>
    expand(path).startsWith("/") ? expand(path) : resolvePath(directory, expand(path));
  const context: Step = (value) => rewrite(value, (path) => (isRemoteContext(path) ? path : absolute(path)));
  const mount: Step = onMapping((value, path) => {
    if (textOf(child(value, "type")) !== "bind") return value;
    const source = child(value, "source");
    if (source === undefined) {
      addFault(faults, `${path.slice(0, -1).join(".")}: a bind mount needs a source`, spanOf(value));
      return value;
    }
    return withEntry(value, "source", unix(source, path, faults));
  });
  const driverOptions: Step = onMapping((value, path) => {
    const options = child(value, "driver_opts");
    const device = child(options, "device");
    if (textOf(child(value, "driver")) !== "local" || options?.kind !== "map" || device === undefined) return value;
    if (textOf(child(options, "o")) !== "bind") return value;
    return withEntry(value, "driver_opts", withEntry(options, "device", unix(device, path, faults)));
  });
  const containers = ["services.*", "jobs.*", "services.*.pre_start.*"];
  const table = createPathTable<Step>([
    ...containers.flatMap((at) => [
      [`${at}.env_file.*.path`, plain] as const,
      [`${at}.label_file.*`, plain] as const,
      [`${at}.volumes.*`, mount] as const,
    ]),
    ...containers
      .slice(0, 2)
      .flatMap((at) => [
        [`${at}.build.context`, context] as const,
        [`${at}.build.additional_contexts.*`, context] as const,
        [`${at}.build.ssh.*`, unix] as const,
      ]),
    ["services.*.develop.watch.*.path", plain],
    ["configs.*.file", unix],
    ["secrets.*.file", unix],
    ["volumes.*", driverOptions],
  ]);
  return visit(tree, [table], [], faults);
}

/** Gives `environment: [NAME]` its value from outside. Source: compose-go loader/environment.go. */
export function resolveEnvironmentLists(tree: Tree, variables: Variables, faults: Faults): Tree {
  const resolve: Step = (value) => {
    if (value.kind !== "list") return value;
    const items = value.items.map((item) => {
      const variable = variables.get(textOf(item) ?? "");
      return variable === undefined ? item : assignVariable(item, textOf(item) ?? "", variable);
    });
    return list(items, value.origin);
  };
  const table = createPathTable<Step>([
    ["services.*.environment", resolve],
    ["jobs.*.environment", resolve],
  ]);
  return visit(tree, [table], [], faults);
}

function rewrite(tree: Tree, work: (path: string) => string): Tree {
  const path = textOf(tree);
  if (path === undefined) return tree;
  const rewritten = work(path);
  return scalar(rewritten, tree.origin, traceTail(path, rewritten, traceOf(tree)));
}

/** A rewritten path ends as it was written, but for a leading `./` or `~/` or a trailing slash. */
function traceTail(written: string, rewritten: string, trace: Trace | undefined): Trace | undefined {
  if (written === rewritten) return trace;
  const skipped = /^(?:\.\/|~\/)*/.exec(written)?.[0].length ?? 0;
  const tail = written.slice(skipped).replace(/\/+$/, "");
  if (tail === "" || !rewritten.endsWith(`/${tail}`)) return undefined;
  return traceJoined([
    { length: rewritten.length - tail.length, trace: undefined },
    { length: tail.length, trace: tracePart(trace, skipped) },
  ]);
}

function isRemoteContext(path: string): boolean {
  return path.includes("://") || /^(?:service:|github\.com\/|git@)/.test(path);
}

function isWindowsAbsolute(path: string): boolean {
  return (
    /^(?:[^/\\]:[\\/]|[\\/]{2}[^\\/]+[\\/][^\\/]+)/.test(path) && !/^\/\/?[^/]*$/.test(path) && !path.startsWith("/")
  );
}

function visit(tree: Tree, tables: readonly PathTable<Step>[], path: readonly string[], faults: Faults): Tree {
  if (tables.length === 0) return tree;
  const step = valueHere(tables);
  if (step !== undefined) return step(tree, path, faults);
  if (tree.kind === "scalar") return tree;
  if (tree.kind === "list") {
    return list(
      tree.items.map((item, at) => visit(item, stepPath(tables, "[]"), [...path, `[${at}]`], faults)),
      tree.origin,
    );
  }
  const entries = new Map<string, Entry>();
  for (const [key, entry] of tree.entries) {
    entries.set(key, { ...entry, value: visit(entry.value, stepPath(tables, key), [...path, key], faults) });
  }
  return mapping(entries, tree.origin);
}
