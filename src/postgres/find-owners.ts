import { airflowCompanionTables, airflowLeftover } from "../catalog/airflow/companion-tables.ts";
import { knownRevisions } from "../catalog/known-revisions.ts";
import type { SchemaHistory } from "../catalog/schema-history.ts";
import { telltaleApps, type TelltaleApp } from "../catalog/telltale-tables.ts";
import type { TablePicture } from "./database-picture.ts";
import type { OwnerId } from "./database-verdict.ts";
import { mayBeSkeleton } from "./may-be-skeleton.ts";

/** Whose the tables of one schema are. Version tables are nobody's. */
export interface TableOwners {
  readonly owned: ReadonlyMap<OwnerId, readonly TablePicture[]>;
  readonly strangers: readonly TablePicture[];
  /** Applications that the strangers tell of. */
  readonly others: readonly TelltaleApp[];
}

const OWNERS: readonly OwnerId[] = ["airflow", "mlflow", "mlflow-auth"];

/** How many of a table's columns must be an application's own: people and forks add some, other applications share a few. */
const OWN_SHARE = 0.7;

/**
 * Gives each table of a schema to an application, by its name and its columns: `users`, `jobs` and `log` are names of
 * many. Users' tables of the kind Flask-AppBuilder makes (`ab_*`) are Airflow's unless Superset is there and Airflow is not.
 */
export function findOwners(tables: readonly TablePicture[]): TableOwners {
  const histories = OWNERS.map((owner) => ({ owner, history: knownRevisions[owner]().history }));
  const owned = new Map<OwnerId, TablePicture[]>();
  const left: TablePicture[] = [];
  for (const table of tables) {
    if (table.name.startsWith("alembic_version")) continue;
    const owner = histories.find(({ history }) => isOfHistory(table, history))?.owner;
    if (owner === undefined) left.push(table);
    else owned.set(owner, [...(owned.get(owner) ?? []), table]);
  }
  const companions = left.filter((table) => isCompanion(table));
  const hasAirflow = owned.get("airflow")?.some(({ name }) => !name.startsWith("ab_") && name !== "session") === true;
  const names = new Set(left.map(({ name }) => name));
  const others = telltaleApps.filter((app) => app.tables.filter((name) => names.has(name)).length >= wanted(app));
  if (hasAirflow) {
    owned.set("airflow", [...(owned.get("airflow") ?? []), ...companions]);
    return { owned, strangers: left.filter((table) => !companions.includes(table)), others };
  }
  const orphans = owned.get("airflow") ?? [];
  owned.delete("airflow");
  return { owned, strangers: [...left, ...orphans], others };
}

function wanted({ tables }: TelltaleApp): number {
  return Math.min(2, tables.length);
}

function isOfHistory(table: TablePicture, history: SchemaHistory): boolean {
  const known = history.columns.get(table.name);
  if (known === undefined) return false;
  const own = table.columns.filter(({ name }) => known.has(name)).length;
  // A table that lost columns is still its application's; one that shares a column or two never was.
  return (
    own >= table.columns.length * OWN_SHARE && (own >= leastColumns(table.name, history) / 2 || mayBeSkeleton(table))
  );
}

/** The columns a table had when it was made. */
function leastColumns(table: string, { ofTable }: SchemaHistory): number {
  const facts = ofTable.get(table) ?? [];
  const made = facts.find(({ kind }) => kind === "table")?.turns[0];
  return facts.filter(({ kind, turns }) => kind === "column" && turns[0] === made).length;
}

function isCompanion({ name, columns }: TablePicture): boolean {
  if (airflowLeftover.test(name)) return true;
  const wantedColumns = airflowCompanionTables.get(name);
  const has = new Set(columns.map((column) => column.name));
  return wantedColumns !== undefined && wantedColumns.every((column) => has.has(column));
}

/** The application that a table's name tells of. */
export function tellsOf(table: Pick<TablePicture, "name">, others: readonly TelltaleApp[]): string | undefined {
  return others.find(({ tables }) => tables.includes(table.name))?.name;
}
