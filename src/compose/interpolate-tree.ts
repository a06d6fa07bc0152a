import type { OriginLink } from "../core/origin.ts";
import type { Span } from "../core/span.ts";
import { addBlankVariable, addFault, addWarning, type Faults } from "./faults.ts";
import { spendLimit } from "./limits.ts";
import { interpolateText } from "./interpolate-text.ts";
import { joinSpans, traceInterpolated, type Trace } from "./trace.ts";
import { createPathTable, stepPath, valueHere, type PathTable } from "./path-table.ts";
import {
  asMapping,
  list,
  mapping,
  scalar,
  spanOf,
  type Entry,
  type Mapping,
  type Scalar,
  type ScalarValue,
  type Tree,
} from "./tree.ts";

/** A variable's value and where it was set. */
export interface Variable {
  readonly value: string;
  readonly link: OriginLink;
  /** Where the characters of the value were written; absent for the shell's. */
  readonly trace?: Trace | undefined;
}

export type Variables = ReadonlyMap<string, Variable>;

type Cast = "integer" | "float" | "float32" | "boolean";

const containerCasts: readonly (readonly [string, Cast])[] = [
  ["cpu_count", "integer"],
  ["cpu_percent", "float"],
  ["cpu_period", "integer"],
  ["cpu_quota", "integer"],
  ["cpu_rt_period", "integer"],
  ["cpu_rt_runtime", "integer"],
  ["cpus", "float32"],
  ["cpu_shares", "integer"],
  ["init", "boolean"],
  ["oom_kill_disable", "boolean"],
  ["oom_score_adj", "integer"],
  ["pids_limit", "integer"],
  ["privileged", "boolean"],
  ["read_only", "boolean"],
  ["ulimits.*", "integer"],
  ["ulimits.*.hard", "integer"],
  ["ulimits.*.soft", "integer"],
  ["volumes.[].read_only", "boolean"],
  ["volumes.[].volume.nocopy", "boolean"],
];

const workloadCasts: readonly (readonly [string, Cast])[] = [
  ["depends_on.*.required", "boolean"],
  ["depends_on.*.restart", "boolean"],
  ["healthcheck.retries", "integer"],
  ["healthcheck.disable", "boolean"],
  ["ports.[].target", "integer"],
  ["stdin_open", "boolean"],
  ["tty", "boolean"],
];

const serviceCasts: readonly (readonly [string, Cast])[] = [
  ["deploy.replicas", "integer"],
  ["deploy.update_config.parallelism", "integer"],
  ["deploy.update_config.max_failure_ratio", "float"],
  ["deploy.rollback_config.parallelism", "integer"],
  ["deploy.rollback_config.max_failure_ratio", "float"],
  ["deploy.restart_policy.max_attempts", "integer"],
  ["deploy.placement.max_replicas_per_node", "integer"],
  ["scale", "integer"],
];

const casts: PathTable<Cast> = createPathTable<Cast>([
  ["networks.*.external", "boolean"],
  ["networks.*.internal", "boolean"],
  ["networks.*.attachable", "boolean"],
  ["networks.*.enable_ipv4", "boolean"],
  ["networks.*.enable_ipv6", "boolean"],
  ["volumes.*.external", "boolean"],
  ["secrets.*.external", "boolean"],
  ["configs.*.external", "boolean"],
  ...containerCasts.flatMap(([path, cast]) => [
    [`services.*.${path}`, cast] as const,
    [`jobs.*.${path}`, cast] as const,
    [`services.*.pre_start.*.${path}`, cast] as const,
  ]),
  ...workloadCasts.flatMap(([path, cast]) => [
    [`services.*.${path}`, cast] as const,
    [`jobs.*.${path}`, cast] as const,
  ]),
  ...serviceCasts.map(([path, cast]) => [`services.*.${path}`, cast] as const),
]);

/**
 * Interpolates every text value of a document (never keys) and casts texts at the paths where Compose expects numbers
 * and booleans. Unset variables without a default become blank with a warning. Values that fail are left out.
 * Sources: compose-go interpolation/interpolation.go, loader/interpolate.go.
 */
export function interpolateTree(tree: Mapping, variables: Variables, faults: Faults): Mapping {
  return asMapping(visit(tree, [casts], [], variables, faults) ?? tree);
}

function visit(
  tree: Tree,
  tables: readonly PathTable<Cast>[],
  path: readonly string[],
  variables: Variables,
  faults: Faults,
): Tree | undefined {
  if (tree.kind === "map") {
    const entries = new Map<string, Entry>();
    for (const [key, entry] of tree.entries) {
      const value = visit(entry.value, stepPath(tables, key), [...path, key], variables, faults);
      if (value !== undefined) entries.set(key, value === entry.value ? entry : { ...entry, value });
    }
    return mapping(entries, tree.origin);
  }
  if (tree.kind === "list") {
    const items: Tree[] = [];
    for (const [at, item] of tree.items.entries()) {
      const value = visit(item, stepPath(tables, "[]"), [...path, `[${at}]`], variables, faults);
      if (value !== undefined) items.push(value);
    }
    return list(items, tree.origin);
  }
  if (typeof tree.value !== "string") return tree;
  const replaced = tree.value.includes("$") ? interpolateScalar(tree, tree.value, path, variables, faults) : tree;
  const cast = valueHere(tables);
  if (replaced === undefined || cast === undefined || typeof replaced.value !== "string") return replaced;
  const value = castText(replaced.value, cast, path, spanOf(replaced), faults);
  return value === undefined ? undefined : { ...replaced, value };
}

/** Interpolates one text scalar; undefined after a fault. Also used for the project's name. */
export function interpolateScalar(
  tree: Scalar,
  text: string,
  path: readonly string[],
  variables: Variables,
  faults: Faults,
): Scalar | undefined {
  const result = interpolateText(text, (name) => variables.get(name)?.value);
  const place = (at: number, length: number): Span | undefined =>
    joinSpans(tree.trace?.(at, at + length) ?? []) ?? spanOf(tree);
  if (!spendLimit(faults, "characters of interpolated text", result.text.length, spanOf(tree))) return undefined;
  if (result.fault !== undefined) {
    const { message, at, length, variable } = result.fault;
    addFault(faults, message, place(at, length), {
      kind: "interpolation",
      data: { path, ...(variable === undefined ? {} : { variable }) },
    });
    return undefined;
  }
  const links: OriginLink[] = [];
  for (const use of result.uses) {
    const span = place(use.at, use.length);
    if (use.blank) {
      const hint = `set ${use.name} in .env, or write $$ for a literal $`;
      addBlankVariable(faults, use.name, { ...(span === undefined ? {} : { span }), path }, hint);
    }
    links.push({
      step: "interpolated",
      variable: use.name,
      ...(span === undefined ? {} : { span }),
      ...(use.found ? {} : { unset: use.blank ? "blank" : "defaulted" }),
    });
    const variable = variables.get(use.name);
    if (variable !== undefined) links.push(variable.link);
  }
  const origin = { chain: [...tree.origin.chain, ...links], losers: tree.origin.losers };
  return scalar(
    result.text,
    origin,
    traceInterpolated(result.parts, tree.trace, (name) => variables.get(name)),
  );
}

function castText(
  text: string,
  cast: Cast,
  path: readonly string[],
  span: Span | undefined,
  faults: Faults,
): ScalarValue | undefined {
  const where = path.join(".");
  const fact = { kind: "interpolation", data: { path } } as const;
  if (cast === "boolean") {
    const lower = text.toLowerCase();
    if (["true", "y", "yes", "on"].includes(lower) || ["false", "n", "no", "off"].includes(lower)) {
      const value = ["true", "y", "yes", "on"].includes(lower);
      if (lower !== "true" && lower !== "false") {
        addWarning(faults, `"${text}" is no YAML 1.2 boolean; write ${String(value)}`, span);
      }
      return value;
    }
    addFault(faults, `${where} must be true or false, not "${text}"`, span, fact);
    return undefined;
  }
  if (cast === "integer") {
    if (/^[-+]?[0-9]+$/.test(text)) return BigInt(text.replace(/^\+/, ""));
    addFault(faults, `${where} must be an integer, not "${text}"`, span, fact);
    return undefined;
  }
  const value = /^[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isFinite(value)) return cast === "float32" ? Math.fround(value) : value;
  addFault(faults, `${where} must be a number, not "${text}"`, span, fact);
  return undefined;
}
