import { ToolError } from "../core/tool-error.ts";
import type { DatabasePicture, DatabaseSummary, ServerPicture } from "../postgres/database-picture.ts";
import type { DatabaseVerdict } from "../postgres/database-verdict.ts";
import { inspectServer } from "../postgres/inspect-server.ts";
import { isKeptOriginal } from "../postgres/split/kept-original.ts";
import { openReadSession } from "../postgres/open-read-session.ts";
import type { ActionContext, ProjectOptions } from "./context.ts";
import { readDatabaseStatus } from "./db-status/read-database-status.ts";
import type { StatusPlace } from "./db-status/status-place.ts";

export interface DbStatusOptions {
  /** `SERVER`, `SERVER/DATABASE`, `DATABASE` or nothing; with a URL a database's name. */
  readonly subject: string | undefined;
  /** `--url`: a server that is in no project. */
  readonly url: string | undefined;
  /** Count every table instead of taking PostgreSQL's estimate. */
  readonly exact: boolean;
}

export interface DatabaseStatus {
  /** The server's name. */
  readonly server: string;
  readonly picture: DatabasePicture;
  readonly verdict: DatabaseVerdict;
}

export interface ServerStatus {
  readonly name: string;
  readonly version: number;
  readonly inRecovery: boolean;
  /** Databases that let nobody in, as the original while a split is open. */
  readonly closed: readonly string[];
  /** What finished splits keep of before; read only when it is named. */
  readonly kept: readonly string[];
}

export interface DbStatusResult {
  readonly servers: readonly ServerStatus[];
  readonly databases: readonly DatabaseStatus[];
  /** Servers and databases that could not be read, each with the reason. */
  readonly failures: readonly Error[];
  /** 1: an application fails in one of the databases, or will. 2: nothing could be read. */
  readonly exitCode: 0 | 1 | 2;
}

/**
 * Tells what the databases of a project's PostgreSQL servers, or of any server by URL, hold, whose it is and what that
 * means. Changes nothing and starts nothing.
 *
 * @throws ToolError SERVICE_UNKNOWN, COMMAND_USAGE for a URL that is none and for a database that is not there
 */
export async function dbStatus(
  context: ActionContext,
  options: ProjectOptions,
  wanted: DbStatusOptions,
): Promise<DbStatusResult> {
  const places = await openPlaces(context, options, wanted);
  const read: ServerReading[] = [];
  const failures: Error[] = [];
  for (const place of places) {
    try {
      read.push(await readServer(context, place, wanted));
    } catch (error) {
      if (!(error instanceof ToolError) || error.code === "COMMAND_USAGE") throw error;
      failures.push(error);
    }
  }
  const databases = read.flatMap((one) => one.databases);
  const isFaulty = databases.some(({ verdict }) => verdict.isFaulty);
  const all = [...failures, ...read.flatMap((one) => one.failures)];
  return {
    servers: read.map(({ server }) => server),
    databases,
    failures: all,
    exitCode: isFaulty ? 1 : all.length > 0 && databases.length === 0 ? 2 : 0,
  };
}

/** Either way is loaded when it is gone: a server by URL is told before a project would be read. */
async function openPlaces(
  context: ActionContext,
  options: ProjectOptions,
  { url, subject }: DbStatusOptions,
): Promise<readonly StatusPlace[]> {
  if (url === undefined) {
    const { openProjectPlaces } = await import("./db-status/open-project-places.ts");
    return openProjectPlaces(context, options, subject);
  }
  const { openUrlStatusPlace } = await import("./db-status/open-url-status-place.ts");
  return [await openUrlStatusPlace(context, url, subject)];
}

type ServerReading = Pick<DbStatusResult, "databases" | "failures"> & { readonly server: ServerStatus };

async function readServer(
  { signal }: ActionContext,
  place: StatusPlace,
  { exact }: DbStatusOptions,
): Promise<ServerReading> {
  const { access, maintenance } = place;
  const session = await openReadSession(access, maintenance, signal);
  try {
    const picture = await inspectServer(session, { label: access.label, measured: false });
    const chosen = chooseDatabases(place, picture);
    const databases: DatabaseStatus[] = [];
    const failures: Error[] = [];
    const kept = place.database === undefined ? chosen.filter(isKeptOriginal) : [];
    for (const { name } of chosen.filter((one) => one.allowsConnections && !kept.includes(one))) {
      try {
        const open = name === maintenance ? session : undefined;
        const status = await readDatabaseStatus(place, name, { exact, signal, open });
        databases.push({ server: access.label, ...status });
      } catch (error) {
        if (!(error instanceof ToolError)) throw error;
        failures.push(error);
      }
    }
    return {
      server: {
        name: access.label,
        version: picture.version,
        inRecovery: picture.inRecovery,
        closed: chosen.filter((database) => !database.allowsConnections).map(({ name }) => name),
        kept: kept.map(({ name }) => name),
      },
      databases: databases.filter((one) => databases.length === 1 || !isSpare(one, place)),
      failures,
    };
  } finally {
    await session.close();
  }
}

/** The database that PostgreSQL makes for itself, where nobody uses it. */
function isSpare({ picture: { name, tables } }: DatabaseStatus, place: StatusPlace): boolean {
  return name === "postgres" && tables.length === 0 && place.database === undefined && !place.isUsed(name);
}

function chooseDatabases({ access, database }: StatusPlace, picture: ServerPicture): readonly DatabaseSummary[] {
  const all = picture.databases.filter(({ isTemplate }) => !isTemplate);
  if (database === undefined) return all;
  const found = all.find(({ name }) => name === database);
  if (found !== undefined) return [found];
  const names = all.map(({ name }) => name).join(", ");
  throw new ToolError("COMMAND_USAGE", `There is no database ${JSON.stringify(database)} on ${access.label}.`, {
    hint: `It has ${names}.`,
    detail: { server: access.label, database },
  });
}
