import type { SqlSession } from "../../ports/sql.ts";
import type { SplitContext } from "./split-context.ts";
import type { CopyRef } from "./split-steps.ts";

/** A database as it is called now. */
export interface FoundDatabase {
  readonly oid: number;
  readonly name: string;
  readonly allowsConnections: boolean;
  readonly comment: string | undefined;
  /** Its removal was cut off: it can only be removed (src/backend/commands/dbcommands.c, since the releases of August 2023). */
  readonly isInvalid: boolean;
}

const query = (condition: string): string => `
SELECT oid::int8 AS oid, datname AS name, datallowconn AS allows, datconnlimit = -2 AS invalid,
  shobj_description(oid, 'pg_database') AS comment
FROM pg_database WHERE ${condition}`;

/** The database of this oid: it keeps it whatever it is renamed to. */
export function findByOid(session: SqlSession, oid: number): Promise<FoundDatabase | undefined> {
  return find(session, "oid = $1", oid);
}

export function findByName(session: SqlSession, name: string): Promise<FoundDatabase | undefined> {
  return find(session, "datname = $1", name);
}

/**
 * A plan's copy: by the name it has while it is made, which nobody else uses, else by the oid that was written down when
 * it was verified. Undefined: it is not there.
 */
export async function findCopy(
  context: Pick<SplitContext, "evidence">,
  session: SqlSession,
  { work, verifiedBy }: CopyRef,
): Promise<FoundDatabase | undefined> {
  const made = await findByName(session, work);
  const oid = context.evidence(verifiedBy)?.["oid"];
  return made ?? (typeof oid === "number" ? findByOid(session, oid) : undefined);
}

/**
 * True when a verified copy is no longer where it was made: it has its place, and what comes before is done. One that is half
 * removed has its place on another server.
 */
export async function isInPlace(
  context: Pick<SplitContext, "evidence">,
  session: SqlSession,
  { work, verifiedBy }: CopyRef,
): Promise<boolean> {
  if (context.evidence(verifiedBy) === undefined) return false;
  const made = await findByName(session, work);
  return made === undefined || made.isInvalid;
}

async function find(session: SqlSession, condition: string, value: unknown): Promise<FoundDatabase | undefined> {
  const [row] = await session.query(query(condition), [value]);
  if (row === undefined) return undefined;
  const comment = row["comment"];
  return {
    oid: Number(row["oid"]),
    name: String(row["name"]),
    allowsConnections: row["allows"] === true,
    comment: typeof comment === "string" ? comment : undefined,
    isInvalid: row["invalid"] === true,
  };
}
