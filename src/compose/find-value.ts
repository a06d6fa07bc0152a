import type { Project } from "./project.ts";

/** A value of the effective model. */
export interface FoundValue {
  /** Its path in the canonical model: `["services", "db", "image"]`. */
  readonly path: readonly [string, ...(string | number)[]];
  /** Text, number, boolean, null, list or mapping. */
  readonly value: unknown;
}

/** How far a name led, and what there is. */
export interface MissingValue {
  /** As typed: `airflow.environment`; empty when not even a service was found. */
  readonly reached: string;
  readonly wanted: string;
  readonly known: readonly string[];
}

type Plain = Readonly<Record<string, unknown>>;

/**
 * Finds the value that `SERVICE.PATH` names: `db.image`, `airflow.environment.AIRFLOW__CORE__EXECUTOR`,
 * `web.ports[0].published`, `web.command.2`. Keys with dots are found too: the longest key that fits counts. Without a
 * service of that name the path starts at the top: `volumes.data.name`.
 */
export function findValue(project: Project, name: string): FoundValue | MissingValue {
  const disabled = Object.fromEntries(
    Object.entries(project.disabledServices).map(([key, { other, extensions, ...service }]) => [
      key,
      { ...service, ...other, ...extensions },
    ]),
  );
  const services = { ...disabled, ...(project.model["services"] as Plain | undefined) };
  const inService = descend(services, name, ["services"]);
  if ("value" in inService || inService.reached !== "") return inService;
  const atTop = descend(project.model, name, []);
  return "value" in atTop || atTop.reached !== "" ? atTop : inService;
}

function descend(root: unknown, name: string, base: readonly string[]): FoundValue | MissingValue {
  const path: (string | number)[] = [...base];
  let value = root;
  let rest = name;
  while (rest !== "") {
    const keys = keysOf(value);
    const key = keys
      .filter((candidate) => starts(rest, candidate) || starts(rest, `[${candidate}]`))
      .toSorted((left, right) => right.length - left.length)[0];
    if (key === undefined) {
      const reached = name.slice(0, name.length - rest.length).replace(/\.$/, "");
      return { reached, wanted: rest, known: keys };
    }
    path.push(Array.isArray(value) ? Number(key) : key);
    value = (value as Plain)[key];
    rest = rest.slice(starts(rest, key) ? key.length : key.length + 2).replace(/^\./, "");
  }
  return { path: path as [string, ...(string | number)[]], value };
}

/** True when the rest of a path begins with a whole key. */
function starts(rest: string, key: string): boolean {
  return rest.startsWith(key) && (rest.length === key.length || rest[key.length] === "." || rest[key.length] === "[");
}

function keysOf(value: unknown): readonly string[] {
  return typeof value === "object" && value !== null ? Object.keys(value) : [];
}
