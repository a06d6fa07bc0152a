import { airflowOperation } from "../catalog/airflow/operation.ts";
import { mlflowOperation } from "../catalog/mlflow/operation.ts";
import type { Service } from "../compose/project.ts";
import { usesImageEntrypoint } from "../engine/native/uses-image-entrypoint.ts";
import { commandLines } from "../topology/command-lines.ts";
import type { ServiceRole } from "../topology/topology.ts";

/** How a service makes the tables of an empty database, and what decides which. */
export interface TemplatePlan {
  /**
   * `alone`: its command does nothing but migrate, so a restore replaces it. `first`: it migrates before it does other
   * work. `start`: it is a server that makes its tables when it starts.
   */
  readonly kind: "alone" | "first" | "start";
  /** The command that makes the tables, without a database URL. */
  readonly command: readonly [string, ...string[]];
  /** Settings that decide what it makes, besides the packages: everything but connections, keys and workers. */
  readonly settings: readonly string[];
}

/** Authentication brings tables of its own; the default pool and the log templates are rows made from settings. */
const decisive =
  /^AIRFLOW__(CORE__(AUTH_MANAGER|DEFAULT_POOL_TASK_SLOT_COUNT)|FAB__|DATABASE__(?!SQL_ALCHEMY_CONN)|(LOGGING__LOG_FILENAME|ELASTICSEARCH__LOG_ID)_TEMPLATE)/;

/**
 * Whether a service's tables may come from a template, judged by command and settings. Undefined when it makes none, and
 * when the result could differ from that of the command as written: settings that stand outside the environment, a
 * script that looks into the database before it migrates, a migration that would fail.
 */
export function planTemplate(
  role: ServiceRole,
  service: Pick<Service, "entrypoint" | "volumes">,
): TemplatePlan | undefined {
  if (role.version === undefined) return undefined;
  if (role.product === "airflow") return planAirflow(role, role.version, service);
  return role.product === "mlflow" ? planMlflow(role, role.version) : undefined;
}

function planAirflow(
  role: ServiceRole,
  version: string,
  service: Pick<Service, "entrypoint" | "volumes">,
): TemplatePlan | undefined {
  const { environment } = role;
  if (hasHiddenSettings(role, service)) return undefined;
  const settings = Object.entries(environment)
    .filter(([name]) => decisive.test(name))
    .map(([name, value]) => `${name}=${value}`)
    .toSorted();
  const lines = commandLines(role.argv);
  const isSet = (name: string): boolean => (environment[name] ?? "") !== "";
  const throughImage = usesImageEntrypoint(role, service);
  if (isSet("_AIRFLOW_DB_MIGRATE") || isSet("_AIRFLOW_DB_UPGRADE")) {
    const at = throughImage ? 0 : lines.findIndex(([program]) => program === "/entrypoint");
    const [program = "airflow", ...words] = airflowOperation(version).migrate;
    if (at >= 0 && lines.slice(0, at).every(isBlind)) return { kind: "first", command: [program, ...words], settings };
  } else if (throughImage && isSet("_AIRFLOW_WWW_USER_CREATE")) {
    // The entry point makes the user before the command migrates, and fails on an empty database.
    return undefined;
  }
  const at = lines.findIndex(([program, group, verb = ""]) => {
    return program === "airflow" && group === "db" && ["migrate", "upgrade", "init"].includes(verb);
  });
  const [, , verb = "", ...flags] = lines[at] ?? [];
  // Other flags choose a revision or only print.
  const isWhole = flags.every((flag) => ["-v", "--verbose", "-y", "--yes"].includes(flag));
  if (at < 0 || !isWhole || !lines.slice(0, at).every(isBlind)) return undefined;
  if (verb === "init" && loadsConnections(environment)) return undefined;
  return { kind: lines.length === 1 ? "alone" : "first", command: ["airflow", "db", verb], settings };
}

function planMlflow(role: ServiceRole, version: string): TemplatePlan | undefined {
  const lines = commandLines(role.argv);
  const isMigration = ([program, group, verb]: readonly string[]): boolean =>
    program === "mlflow" && group === "db" && verb === "upgrade";
  // Where it fails on an empty database, it must fail here too.
  if (lines.some(isMigration) && !mlflowOperation(version).migratesEmptyDatabase) return undefined;
  if (lines.length === 1 && lines.some(isMigration)) {
    return { kind: "alone", command: ["mlflow", "db", "upgrade"], settings: [] };
  }
  const at = lines.findIndex(([program, verb]) => program === "mlflow" && (verb === "server" || verb === "ui"));
  const before = lines.slice(0, Math.max(at, 0)).filter((words) => !isMigration(words));
  return at >= 0 && before.every(isBlind) ? { kind: "start", command: ["mlflow", "server"], settings: [] } : undefined;
}

/** Settings that a configuration file or the command itself may bring: the environment does not tell all. */
function hasHiddenSettings(role: ServiceRole, service: Pick<Service, "volumes">): boolean {
  const { environment } = role;
  const home = environment["AIRFLOW_HOME"] ?? "/opt/airflow";
  const places = [home, `${home}/airflow.cfg`];
  return (
    environment["AIRFLOW_CONFIG"] !== undefined ||
    (environment["AIRFLOW__DATABASE__SQL_ALCHEMY_SCHEMA"] ?? "") !== "" ||
    service.volumes.some(({ target }) => places.includes(target.replace(/\/$/, ""))) ||
    role.argv.some((text) => [...text.matchAll(/\b(AIRFLOW__\w+)=/g)].some(([, name = ""]) => decisive.test(name)))
  );
}

/** `db init` stores example connections, encrypted with the project's own key, unless told not to. */
function loadsConnections(environment: Readonly<Record<string, string>>): boolean {
  const value = environment["AIRFLOW__DATABASE__LOAD_DEFAULT_CONNECTIONS"] ?? "true";
  return !/^(f|false|0)$/i.test(value.trim());
}

/** A command before the migration that cannot tell an empty database from a migrated one. */
function isBlind(words: readonly string[]): boolean {
  if (/(^|\s)pip3?( |$)/.test(words.slice(0, 3).join(" "))) return true;
  const at = words.findIndex((word) => /(^|[\s/(])(airflow|mlflow|psql|python[\d.]*)$|\.(py|sh|sql)$/.test(word));
  if (at < 0) return !["eval", "source", "."].includes(words[0] ?? "");
  return words[at]?.endsWith("airflow") === true && /^(version|info|db check)( |$)/.test(words.slice(at + 1).join(" "));
}
