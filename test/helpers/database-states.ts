import { readFileSync } from "node:fs";
import type { SqlSession } from "../../src/ports/sql.ts";
import { repositoryPath } from "./source-files.ts";
import type { RestoreOptions, TestServer } from "./test-server.ts";

/** Releases whose databases are recorded together. */
export interface StatePair {
  readonly airflow: string;
  readonly mlflow: string;
}

/** The article's pair, the last of 2.x, the newest; recorded on PostgreSQL 13, 13 and 17, and none runs on less. */
export const statePairs = {
  "2.7": { airflow: "2.7.0", mlflow: "2.7.1" },
  "2.10": { airflow: "2.10.5", mlflow: "2.22.0" },
  "3": { airflow: "3.3.2", mlflow: "3.17.2" },
} as const satisfies Readonly<Record<string, StatePair>>;

/** The states that a database shared or damaged can be in, by the numbers of docs/database-states.md. */
export type StateNumber =
  | 1
  | 2
  | 3
  | 4
  | "4b"
  | 5
  | 6
  | 7
  | 8
  | 9
  | 10
  | 11
  | 12
  | 13
  | 14
  | 15
  | 16
  | 17
  | 18
  | 19
  | 20
  | 21;

export interface MadeState {
  readonly database: string;
  /** The recording it is made from; undefined for an empty database. */
  readonly recording: string | undefined;
  /** The revisions that the tables of each application are really at, whatever the rows say. */
  readonly revisions: { readonly airflow?: string; readonly mlflow?: string };
}

/** What is known of a recording, from test/fixtures/databases/NAME.json. */
export interface RecordingManifest {
  readonly name: string;
  readonly about: string;
  /** The recording it begins with. */
  readonly from?: string;
  /** Product, version and further pip lines of each. */
  readonly installations: readonly string[];
  /** Tables that the applications' own work left empty: one row from their definition. */
  readonly filledByDefinition: readonly string[];
  /** Rows of each version table, by name; outside `public` as `SCHEMA.TABLE`. */
  readonly versionTables: Readonly<Record<string, readonly string[]>>;
  readonly postgres: string;
  /** Of each table, by name; outside `public` as `SCHEMA.TABLE`. */
  readonly rows: Readonly<Record<string, number>>;
}

/** How a state comes about: a recording, and what people then do by hand. */
interface Origin {
  readonly recording: string | undefined;
  readonly byHand?: readonly string[];
  readonly owner?: string;
  readonly revisions?: MadeState["revisions"];
}

/**
 * A database of the test's own in a state: what the real applications made of it, and the rows that people deleted or
 * wrote by hand. States 9-16, 18, 19 and 21 are recorded with one pair only and take any.
 */
export async function makeState(
  state: StateNumber,
  pair: StatePair,
  server: TestServer,
  options: RestoreOptions = {},
): Promise<MadeState> {
  const { recording, byHand = [], revisions = {}, ...origin } = originOf(state, pair);
  const database = await restoreOrigin(server, recording, { ...origin, ...options });
  for (const statement of byHand) await server.query(database, statement);
  return { database, recording, revisions };
}

/**
 * Shows `look` a state in a session of its own, to be read only: nothing is copied, and what people did by hand is undone
 * afterwards. Takes a fraction of makeState's time.
 */
export async function lookAtState<T>(
  state: StateNumber,
  pair: StatePair,
  server: TestServer,
  look: (session: SqlSession, made: Pick<MadeState, "revisions">) => Promise<T>,
): Promise<T> {
  const { recording, byHand = [], revisions = {}, owner } = originOf(state, pair);
  const session = await server.connect(recording === undefined ? undefined : await server.recorded(recording, owner));
  try {
    await session.query("begin");
    for (const statement of byHand) await session.query(statement);
    const seen = await look(session, { revisions });
    await session.query("rollback");
    return seen;
  } finally {
    await session.close();
  }
}

export function readManifest(recording: string): RecordingManifest {
  const path = repositoryPath(`test/fixtures/databases/${recording}.json`);
  return JSON.parse(readFileSync(path, "utf8")) as RecordingManifest;
}

async function restoreOrigin(
  server: TestServer,
  recording: string | undefined,
  options: RestoreOptions,
): Promise<string> {
  if (recording !== undefined) return server.restore(recording, options);
  const { database = "empty", owner = "postgres" } = options;
  await server.createRole(owner);
  await server.query("postgres", `create database "${database}" owner "${owner}"`);
  return database;
}

function originOf(state: StateNumber, pair: StatePair): Origin {
  const airflow = headOf(`airflow-${pair.airflow}`);
  const mlflow = headOf(`mlflow-${pair.mlflow}`);
  const both = { airflow, mlflow };
  switch (state) {
    case 1:
      return { recording: undefined };
    case 2:
      return { recording: `airflow-${pair.airflow}`, revisions: { airflow } };
    case 3:
      return { recording: `collided-skeleton-${nameOf(pair)}`, revisions: { airflow } };
    case 4:
      return { recording: `mlflow-${pair.mlflow}`, revisions: { mlflow } };
    case "4b":
      return { recording: `mlflow-${pair.mlflow}`, byHand: [loseRows], revisions: { mlflow } };
    case 5:
      return { recording: `collided-airflow-row-${nameOf(pair)}`, revisions: both };
    case 6:
      return { recording: `collided-mlflow-row-${nameOf(pair)}`, revisions: both };
    case 7:
      return { recording: `collided-airflow-row-${nameOf(pair)}`, byHand: [writeRow(mlflow)], revisions: both };
    case 8:
      return { recording: `collided-mlflow-row-${nameOf(pair)}`, byHand: [loseRows], revisions: both };
    case 9:
      return { recording: "collided-same-id-3", revisions: { airflow: "a1b2c3d4e5f6" } };
    case 10:
      return { recording: "airflow-2.10.5-stamped", revisions: { airflow: headOf("airflow-2.7.0") } };
    case 11:
      return alone("airflow-2.10.5");
    case 12:
      return alone("airflow-2.7.0");
    case 13:
      return alone("airflow-2.10.5-midway");
    case 14:
      return { recording: "collided-auth-2.22.0", revisions: { mlflow: headOf("mlflow-2.22.0") } };
    case 15:
      return { recording: "airflow-2.10.5-optuna", revisions: { airflow: headOf("airflow-2.10.5") } };
    case 16:
      return { recording: "superset-4.1.2-airflow" };
    case 17:
      // The row of the release before, put back by somebody who thought it lost.
      return { ...alone(`airflow-${pair.airflow}`), byHand: [writeRow("98ae134e6fff")] };
    case 18:
      return { recording: "mlflow-2.7.1-after-reset", revisions: { mlflow: headOf("mlflow-2.7.1") } };
    case 19:
      return alone("airflow-3.1.0-fab-unrecorded");
    case 20:
      return { ...alone(`airflow-${pair.airflow}`), owner: "somebody else" };
    case 21:
      return alone("airflow-2.10.5-celery");
  }
}

const loseRows = "delete from alembic_version";

function writeRow(revision: string): string {
  return `insert into alembic_version values ('${revision}')`;
}

/** One application's database as recorded. */
function alone(recording: string): Origin {
  return { recording, revisions: { airflow: headOf(recording) } };
}

function headOf(recording: string): string {
  const [row] = readManifest(recording).versionTables["alembic_version"] ?? [];
  if (row === undefined) throw new Error(`${recording} has no revision`);
  return row;
}

function nameOf(pair: StatePair): string {
  for (const [name, { airflow, mlflow }] of Object.entries(statePairs)) {
    if (pair.airflow === airflow && pair.mlflow === mlflow) return name;
  }
  throw new Error(`Airflow ${pair.airflow} and MLflow ${pair.mlflow} are not recorded together`);
}
