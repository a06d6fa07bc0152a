import { holdsAt, type SchemaHistory } from "../catalog/schema-history.ts";
import type { TablePicture } from "./database-picture.ts";
import { fingerprintRevision } from "./fingerprint-revision.ts";

/** What tables would be without some that are empty and came later. */
export interface OlderShape {
  readonly revision: string;
  /** The empty tables that this revision does not have yet. */
  readonly newer: readonly string[];
}

/**
 * The revision of tables beside which a newer release made its own: Airflow does so when its version row is missing,
 * creates what it lacks, changes nothing of what is there, and records its newest revision. Undefined when leaving out
 * empty tables does not bring the rest in order.
 */
export function findOlderShape(history: SchemaHistory, tables: readonly TablePicture[]): OlderShape | undefined {
  const empty = new Set(
    tables.filter(({ rows, estimatedRows }) => (rows ?? estimatedRows) === 0).map(({ name }) => name),
  );
  const made = history.facts.filter(({ kind, table }) => kind === "table" && empty.has(table));
  const turns = [...new Set(made.flatMap((fact) => fact.turns[0] ?? []))].toSorted((a, b) => b - a);
  for (const turn of turns) {
    const newer = made.filter((fact) => !holdsAt(fact, turn - 1)).map(({ table }) => table);
    const rest = tables.filter(({ name }) => !newer.includes(name));
    const { revision } = fingerprintRevision(history, rest);
    if (revision !== undefined) return { revision, newer: newer.toSorted() };
  }
  return undefined;
}
