import { expect, it } from "vitest";
import { emptyTable, pictureOf, tablesAtRevision } from "../../test/helpers/picture-at-revision.ts";
import { seededRandom, type SeededRandom } from "../../test/helpers/seeded-random.ts";
import { airflowHistory } from "../catalog/airflow/history.ts";
import { knownRevisions } from "../catalog/known-revisions.ts";
import { mlflowAuthHistory, mlflowHistory } from "../catalog/mlflow/history.ts";
import { holdsAt, type SchemaHistory } from "../catalog/schema-history.ts";
import type { TablePicture } from "./database-picture.ts";
import type { AppShare, DatabaseVerdict, OwnerId } from "./database-verdict.ts";
import { judgeDatabase } from "./judge-database.ts";

const ROUNDS = 400;

const histories = { airflow: airflowHistory(), mlflow: mlflowHistory(), "mlflow-auth": mlflowAuthHistory() };
const owners = Object.keys(histories) as readonly OwnerId[];

/** How seldom an application is there, and the first revision it is there at: what came long before has too few tables. */
const presence = {
  airflow: { oneIn: 4 / 3, from: 60 },
  mlflow: { oneIn: 4 / 3, from: 0 },
  "mlflow-auth": { oneIn: 6, from: 0 },
} as const;

/** A database as people leave it: some applications or none, whatever rows, tables and columns gone or added. */
function damage(random: SeededRandom) {
  const revisions: Partial<Record<OwnerId, number>> = {};
  for (const owner of owners) {
    const { oneIn, from } = presence[owner];
    if (random.below(60) < 60 / oneIn) revisions[owner] = from + random.below(histories[owner].revisions.length - from);
  }
  const ownerOf = new Map<string, OwnerId>();
  let tables: TablePicture[] = [];
  for (const owner of owners) {
    const at = revisions[owner];
    const own = at === undefined ? [] : tablesAtRevision(histories[owner], at);
    for (const table of own.filter(({ name }) => !ownerOf.has(name))) {
      ownerOf.set(table.name, owner);
      tables.push({ ...table, rows: 1 });
    }
  }
  const damages = random.below(4);
  for (let at = 0; at < damages && tables.length > 0; at += 1) {
    const victim = random.pick(tables);
    const kind = random.below(5);
    if (kind === 0) tables = tables.filter((table) => table !== victim);
    if (kind === 1) tables = [...tables, emptyTable("public", `mine_${at}`, ["id", "name"])];
    if (kind === 2) tables = tables.map((table) => (table === victim ? dropColumn(table, random) : table));
    if (kind === 3) tables = tables.map((table) => (table === victim ? addColumn(table) : table));
    if (kind === 4) tables = tables.filter(() => random.below(5) > 0);
  }
  const own = owners.flatMap((owner) => {
    const at = revisions[owner];
    return at === undefined ? [] : [histories[owner].revisions[at] ?? ""];
  });
  const ids = [
    ...owners.flatMap((owner) => histories[owner].revisions),
    ...own.flatMap((id) => Array.from({ length: 40 }, () => id)),
    "a1b2c3d4e5f6",
    "ffffffffffff",
    "",
    "not a revision'; --",
  ];
  const rows = [...new Set(Array.from({ length: random.below(5) }, () => random.pick(ids)))].toSorted();
  return { revisions, tables, ownerOf, rows, picture: pictureOf(tables, random.below(8) === 0 ? undefined : rows) };
}

function dropColumn(table: TablePicture, random: SeededRandom): TablePicture {
  const gone = random.pick(table.columns);
  return { ...table, columns: table.columns.filter((column) => column !== gone) };
}

function addColumn(table: TablePicture): TablePicture {
  return { ...table, columns: [...table.columns, { name: "mine", type: "text", nullable: true }] };
}

/** Whether tables and columns are exactly those of a revision, by the history itself. */
function looksLike(history: SchemaHistory, id: string, tables: readonly TablePicture[]): boolean {
  const at = history.revisions.indexOf(id);
  const seen = new Set(
    tables.flatMap(({ name, columns }) => [`t ${name}`, ...columns.map((column) => `c ${name} ${column.name}`)]),
  );
  return history.facts
    .filter(({ kind, isSure }) => isSure && (kind === "table" || kind === "column"))
    .filter(({ kind, table }) => kind === "table" || seen.has(`t ${table}`))
    .every((fact) => holdsAt(fact, at) === seen.has(fact.key));
}

/** What a verdict that claims to be certain says falsely. */
function lies(verdict: DatabaseVerdict, truth: ReturnType<typeof damage>): readonly string[] {
  if (!verdict.certain) return [];
  const found: string[] = [];
  const has = (owner: OwnerId) => truth.revisions[owner] !== undefined;
  for (const { owner, revision } of verdict.shares) {
    const { history } = knownRevisions[owner]();
    if (!has(owner)) found.push(`there is no ${owner}`);
    const own = truth.tables.filter(({ name }) => truth.ownerOf.get(name) === owner);
    if (revision.fingerprint === undefined) found.push(`nobody can tell the revision of ${owner}`);
    else if (!looksLike(history, revision.fingerprint, own)) found.push(`${owner} is not at ${revision.fingerprint}`);
  }
  const isShared = owners.filter(has).length > 1;
  const ofOne = [2, 4, 10, 11, 12, 13, 17, 18, 19, 21];
  const ofBoth = [5, 6, 7, 8, 9, 14];
  if (verdict.state !== null && isShared && ofOne.includes(verdict.state)) found.push("two applications are here");
  if (verdict.state !== null && !isShared && ofBoth.includes(verdict.state)) found.push("one application is here");
  if (!verdict.isFaulty && isShared) found.push("neither application can start");
  const knows = (share: AppShare) => truth.rows.some((id) => share.revision.recorded.includes(id));
  if (verdict.state === 5 && !verdict.shares.some((share) => share.owner === "airflow" && knows(share)))
    found.push("the row is not Airflow's");
  if (verdict.state === 6 && !verdict.shares.some((share) => share.owner !== "airflow" && knows(share)))
    found.push("the row is not MLflow's");
  for (const [title, owner] of [
    ["MLflow's", "mlflow"],
    ["MLflow's basic-auth app's", "mlflow-auth"],
  ] as const) {
    const isTold = verdict.fact.includes(`the version row is ${title}, so`);
    if (isTold && !verdict.shares.some((share) => share.owner === owner && knows(share)))
      found.push(`the row is not ${title}`);
  }
  if (verdict.fact.includes("each with its row") && !verdict.shares.every(knows)) found.push("not each has its row");
  if ((verdict.state === 8 || verdict.state === 18) && (truth.picture.versionTables[0]?.rows ?? []).length > 0)
    found.push("there is a row");
  if (
    (verdict.state === 2 || verdict.state === 4) &&
    !truth.rows.includes(verdict.shares[0]?.revision.fingerprint ?? "")
  )
    if (!verdict.shares[0]?.revision.alsoFits.some((id) => truth.rows.includes(id))) found.push("the row does not fit");
  return found;
}

it("never says a wrong thing with certainty, whatever was done to rows, tables and columns", () => {
  const random = seededRandom(20_261_123);
  const states = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const truth = damage(random);
    const verdict = judgeDatabase(truth.picture);
    const { state, certain, fact } = verdict;
    expect({ round, fact, rows: truth.rows, revisions: truth.revisions, lies: lies(verdict, truth) }).toEqual({
      round,
      fact,
      rows: truth.rows,
      revisions: truth.revisions,
      lies: [],
    });
    expect(fact).not.toBe("");
    expect(verdict.next.length).toBeGreaterThan(0);
    const key = `${state} ${certain}`;
    states.set(key, (states.get(key) ?? 0) + 1);
  }
  // Held against being certain of nothing.
  const certain = [...states].filter(([key]) => key.endsWith("true"));
  expect(certain.reduce((sum, [, count]) => sum + count, 0)).toBeGreaterThan(ROUNDS / 4);
  expect(certain.length).toBeGreaterThan(6);
});
