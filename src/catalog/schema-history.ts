/**
 * One thing that can be seen of a table: that it is there, a column, the column's type, that it is not null, an index, a
 * constraint (its kind as `pg_constraint.contype`, a foreign key's with its `confdeltype`: `f c` is ON DELETE CASCADE).
 */
export interface SchemaFact {
  readonly kind: "table" | "column" | "type" | "not-null" | "index" | "constraint";
  /** The whole fact as one text, e.g. `y tags value text`. */
  readonly key: string;
  readonly table: string;
  /** The column, index or constraint; empty for a table. */
  readonly name: string;
  /** Whether databases that a release created at once and those that went through every revision agree on it. */
  readonly isSure: boolean;
  /** Revisions, as indexes of `SchemaHistory.revisions`, at which it begins and ends to hold, by turns; -1: before the first. */
  readonly turns: readonly number[];
}

/** What each revision of one Alembic history makes of the tables, as real databases on PostgreSQL had them. */
export interface SchemaHistory {
  /** Ids, the oldest first. */
  readonly revisions: readonly string[];
  readonly facts: readonly SchemaFact[];
  /** Columns that each table ever had. */
  readonly columns: ReadonlyMap<string, ReadonlySet<string>>;
  /** The facts of each table. */
  readonly ofTable: ReadonlyMap<string, readonly SchemaFact[]>;
}

type Row = readonly [id: string, begins: readonly string[], ends: readonly string[]];

const KINDS: Readonly<Record<string, SchemaFact["kind"]>> = {
  t: "table",
  c: "column",
  y: "type",
  n: "not-null",
  i: "index",
  k: "constraint",
};

/** Reads the text of a `history.gen.ts` (its form: scripts/histories/encode-history.mjs). */
export function schemaHistory(text: string): SchemaHistory {
  const rows = JSON.parse(text) as readonly Row[];
  const hasBefore = rows[0]?.[0] === "";
  const turns = new Map<string, number[]>();
  for (const [at, [, begins, ends]] of rows.entries()) {
    for (const written of [...begins, ...ends]) {
      const known = turns.get(written);
      if (known === undefined) turns.set(written, [hasBefore ? at - 1 : at]);
      else known.push(hasBefore ? at - 1 : at);
    }
  }
  const facts = [...turns].map(([written, at]) => factFrom(written, at));
  const columns = new Map<string, Set<string>>();
  const ofTable = new Map<string, SchemaFact[]>();
  for (const fact of facts) {
    const { kind, table, name } = fact;
    const known = ofTable.get(table);
    if (known === undefined) ofTable.set(table, [fact]);
    else known.push(fact);
    if (kind === "table") columns.set(table, columns.get(table) ?? new Set());
    if (kind === "column") columns.set(table, (columns.get(table) ?? new Set()).add(name));
  }
  return { revisions: rows.map(([id]) => id).filter((id) => id !== ""), facts, columns, ofTable };
}

/** Whether a fact holds in a database at a revision, by the revision's index. */
export function holdsAt({ turns }: Pick<SchemaFact, "turns">, revision: number): boolean {
  return turns.filter((turn) => turn <= revision).length % 2 === 1;
}

function factFrom(written: string, turns: readonly number[]): SchemaFact {
  const key = written.startsWith("~") ? written.slice(1) : written;
  const [kind = "", table = "", name = ""] = key.split(" ");
  return { kind: KINDS[kind] ?? "table", key, table, name, isSure: key === written, turns };
}
