import { holdsAt, type SchemaFact, type SchemaHistory } from "../catalog/schema-history.ts";
import type { ConstraintPicture, TablePicture } from "./database-picture.ts";

/** What the shape of an application's tables tells of their revision. */
export interface Fingerprint {
  /** The oldest revision whose tables look like these; undefined when none does, or the history had not begun. */
  readonly revision: string | undefined;
  /** Later ones that look the same on PostgreSQL. */
  readonly alsoFits: readonly string[];
  /** All that tables, columns and types allow: indexes and constraints, which people change, told the others from these. */
  readonly couldBe: readonly string[];
  /** Revisions whose mark is there though that of an earlier one is not, in order. */
  readonly outOfOrder: readonly string[];
  /** What does not fit, as phrases: `column dag_run.clear_number of 375a816bbbf4 is missing`. */
  readonly contradictions: readonly string[];
  /** Columns that no known revision gives these tables: a newer release, or somebody's own. */
  readonly unknownColumns: readonly string[];
}

const CONTYPES: Readonly<Record<ConstraintPicture["kind"], string>> = {
  check: "c",
  "foreign key": "f",
  "primary key": "p",
  unique: "u",
  exclusion: "x",
};

const CONFDELTYPES = { "no action": "a", restrict: "r", cascade: "c", "set null": "n", "set default": "d" } as const;

/**
 * Finds the revision of an application's tables by what they look like, whatever a version row says. Tables, columns and
 * types decide; nullability, indexes and constraints only between revisions that these leave over, for people change them.
 *
 * @param tables the application's, of one schema
 */
export function fingerprintRevision(history: SchemaHistory, tables: readonly TablePicture[]): Fingerprint {
  const seen = new Set(tables.flatMap(factKeys));
  const visible = history.facts.filter((fact) => fact.isSure && isVisible(fact, seen, history));
  const isHard = ({ kind }: SchemaFact) => kind === "table" || kind === "column" || kind === "type";
  const hard = visible.filter(isHard);
  const unknownColumns = findUnknownColumns(history, tables);
  const misfits = countMisfits(hard, seen, history.revisions.length);
  const fitting = history.revisions.flatMap((_, at) => (misfits.at(at) === 0 ? [at] : []));
  if (fitting.length === 0) {
    const none = { revision: undefined, alsoFits: [], couldBe: [], outOfOrder: [], contradictions: [] };
    return { ...(misfits.beforeFirst === 0 ? none : outOfOrder(history, hard, seen, misfits)), unknownColumns };
  }
  const telling = visible.filter((fact) => !isHard(fact) && new Set(fitting.map((at) => holdsAt(fact, at))).size === 2);
  const missed = countMisfits(telling, seen, history.revisions.length);
  const fewest = Math.min(...fitting.map((at) => missed.at(at)));
  const left = fitting.filter((at) => missed.at(at) === fewest);
  const idsOf = (places: readonly number[]) => places.map((at) => history.revisions[at] ?? "");
  // Several with something missing: any of those that the strong marks leave over.
  const [revision, ...alsoFits] = idsOf(fewest === 0 ? left : [...new Set([...left, ...fitting])]);
  return { revision, alsoFits, couldBe: idsOf(fitting), outOfOrder: [], contradictions: [], unknownColumns };
}

interface Misfits {
  readonly beforeFirst: number;
  at(revision: number): number;
}

/** How many facts speak against each revision. */
function countMisfits(facts: readonly SchemaFact[], seen: ReadonlySet<string>, length: number): Misfits {
  const steps = Array.from({ length: length + 1 }, () => 0);
  for (const { key, turns } of facts) {
    // Before its first turn a fact does not hold: whoever sees it is later.
    let holds = false;
    const isSeen = seen.has(key);
    if (isSeen) steps[0] = (steps[0] ?? 0) + 1;
    for (const turn of turns) {
      holds = !holds;
      steps[turn + 1] = (steps[turn + 1] ?? 0) + (holds === isSeen ? -1 : 1);
    }
  }
  let sum = 0;
  const sums = steps.map((step) => (sum += step));
  return { beforeFirst: sums[0] ?? 0, at: (revision) => sums[revision + 1] ?? 0 };
}

/** What speaks against the nearest revision, and which marks are there beyond what is missing. */
function outOfOrder(
  history: SchemaHistory,
  hard: readonly SchemaFact[],
  seen: ReadonlySet<string>,
  counts: Misfits,
): Omit<Fingerprint, "unknownColumns"> {
  const indexes = history.revisions.map((_, at) => at);
  const fewest = Math.min(...indexes.map((at) => counts.at(at)));
  const nearest = indexes.find((at) => counts.at(at) === fewest) ?? 0;
  const misfits = hard.filter((fact) => holdsAt(fact, nearest) !== seen.has(fact.key));
  const marks = misfits
    .map((fact) => ({ fact, at: markOf(fact, nearest, seen.has(fact.key)) }))
    .toSorted((a, b) => a.at - b.at);
  const firstMissing = Math.min(...marks.filter(({ at }) => at <= nearest).map(({ at }) => at), nearest + 1);
  const reached = hard.flatMap((fact) => doneAfter(fact, firstMissing, seen.has(fact.key)) ?? []);
  const ids = [...new Set(reached)].toSorted((a, b) => a - b).flatMap((at) => history.revisions[at] ?? []);
  return {
    revision: undefined,
    alsoFits: [],
    couldBe: [],
    outOfOrder: ids,
    contradictions: marks.map(({ fact, at }) => {
      const of = history.revisions[at];
      const where = of === undefined ? "" : ` of ${of}`;
      return `${describe(fact)}${where} is ${seen.has(fact.key) ? "there" : "missing"}`;
    }),
  };
}

/** The turn that should not have happened yet, or that should have. */
function markOf({ turns }: SchemaFact, nearest: number, isSeen: boolean): number {
  const [later] = turns.filter((turn, nth) => turn > nearest && (nth % 2 === 0) === isSeen);
  const earlier = turns.findLast((turn) => turn <= nearest);
  return later ?? earlier ?? nearest;
}

/** The turn after a revision that a fact shows to have happened. */
function doneAfter(fact: SchemaFact, revision: number, isSeen: boolean): number | undefined {
  if (holdsAt(fact, revision) === isSeen) return undefined;
  return fact.turns.find((turn) => turn > revision && holdsAt(fact, turn) === isSeen);
}

/** A column can be judged only where its table is, its type where it has one of the known ones. */
function isVisible(fact: SchemaFact, seen: ReadonlySet<string>, history: SchemaHistory): boolean {
  const { kind, table, name } = fact;
  if (kind === "table") return true;
  if (!seen.has(`t ${table}`)) return false;
  if (kind === "not-null") return seen.has(`c ${table} ${name}`);
  if (kind !== "type") return true;
  const facts = history.ofTable.get(table) ?? [];
  return facts.some((other) => other.kind === "type" && other.name === name && seen.has(other.key));
}

function factKeys({ name: table, columns, indexes, constraints }: TablePicture): readonly string[] {
  return [
    `t ${table}`,
    ...columns.flatMap(({ name, type, nullable }) => [
      `c ${table} ${name}`,
      `y ${table} ${name} ${type}`,
      ...(nullable ? [] : [`n ${table} ${name}`]),
    ]),
    ...indexes.map((name) => `i ${table} ${name}`),
    ...constraints.map(({ name, kind, onDelete }) => {
      const action = kind === "foreign key" ? ` ${CONFDELTYPES[onDelete ?? "no action"]}` : "";
      return `k ${table} ${name} ${CONTYPES[kind]}${action}`;
    }),
  ];
}

function findUnknownColumns(history: SchemaHistory, tables: readonly TablePicture[]): readonly string[] {
  return tables.flatMap(({ name: table, columns }) =>
    columns.filter(({ name }) => history.columns.get(table)?.has(name) === false).map(({ name }) => `${table}.${name}`),
  );
}

function describe({ kind, table, name, key }: SchemaFact): string {
  switch (kind) {
    case "table":
      return `table ${table}`;
    case "type":
      return `${table}.${name} as ${key.split(" ").slice(3).join(" ")}`;
    case "not-null":
      return `NOT NULL of ${table}.${name}`;
    case "column":
      return `column ${table}.${name}`;
    case "index":
    case "constraint":
      return `${kind} ${name} of ${table}`;
  }
}
