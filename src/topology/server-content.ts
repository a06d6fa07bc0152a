import { readSql, type SqlEffect } from "./read-sql.ts";
import type { SearchPath } from "./search-path.ts";
import type { Creation, Grant, Known, ServerDatabase, ServerRole, ServerSchema } from "./topology.ts";
import type { TracedText } from "./traced-text.ts";

/** A server's databases, roles and grants while its scripts and jobs are read. */
export interface ServerContent {
  readonly databases: Map<string, ServerDatabase>;
  readonly roles: Map<string, ServerRole>;
  readonly grants: Grant[];
  readonly schemas: ServerSchema[];
  readonly searchPaths: SearchPath[];
  /** Why something may be missing here. */
  readonly gaps: Set<string>;
}

/** One session of psql: who makes what, in which database. */
export interface SqlSession {
  readonly by: Creation["by"];
  readonly service: string;
  readonly worksOnExistingData: boolean;
  /** The role that logs in: it owns what it creates. */
  readonly user: string;
  database: string;
  /** The text of a file that `\i` names. */
  readonly include: (path: string) => TracedText | undefined;
  /** Names the script in a gap. */
  readonly where: string;
}

export function emptyContent(): ServerContent {
  return { databases: new Map(), roles: new Map(), grants: [], schemas: [], searchPaths: [], gaps: new Set() };
}

/** Applies what a script does. A database or role that exists stays as it is, as with `IF NOT EXISTS` idioms. */
export function applySql(
  content: ServerContent,
  session: SqlSession,
  script: TracedText,
  variables?: ReadonlyMap<string, TracedText>,
  depth = 0,
): void {
  for (const effect of readSql(script, variables)) {
    if (effect.kind === "include") {
      const included = depth < 8 ? session.include(effect.path) : undefined;
      if (included === undefined) content.gaps.add(`${session.where} includes ${effect.path}, which cannot be read`);
      else applySql(content, session, included, variables, depth + 1);
    } else applyEffect(content, session, effect);
  }
}

/** One effect in the session's database. */
export function applyEffect(
  content: ServerContent,
  session: SqlSession,
  effect: Exclude<SqlEffect, { kind: "include" }>,
): void {
  if (effect.kind === "unreadable") {
    content.gaps.add(`${session.where}: ${effect.reason}`);
    return;
  }
  if ("text" in effect) {
    const reason = unknownPart(effect.text);
    if (reason !== undefined) {
      content.gaps.add(`${session.where}: ${reason}`);
      return;
    }
  }
  const creation: Creation = {
    by: session.by,
    service: session.service,
    worksOnExistingData: session.worksOnExistingData,
    text: "text" in effect ? effect.text : undefined,
  };
  switch (effect.kind) {
    case "connect":
      session.database = effect.database;
      return;
    case "create-database": {
      const owner: Known<string> = { state: "known", value: effect.owner ?? session.user };
      if (!content.databases.has(effect.name))
        content.databases.set(effect.name, { name: effect.name, owner, creation });
      return;
    }
    case "drop-database":
      content.databases.delete(effect.name);
      return;
    case "schema": {
      const owner: Known<string> = { state: "known", value: effect.owner ?? session.user };
      content.schemas.push({ name: effect.name, database: session.database, owner, creation });
      return;
    }
    case "search-path": {
      const { role, database, schemas } = effect;
      content.searchPaths.push({ role, database, schemas });
      return;
    }
    case "role":
      return applyRole(content, effect, creation);
    case "owner": {
      const { on, object, owner: grantee } = effect;
      content.grants.push({ privileges: ["OWNER"], on, object, database: session.database, grantee, creation });
      const database = on === "database" ? content.databases.get(object) : undefined;
      if (database !== undefined)
        content.databases.set(object, { ...database, owner: { state: "known", value: grantee } });
      return;
    }
    case "grant": {
      const { privileges, on, object, grantee } = effect;
      content.grants.push({ privileges, on, object, database: session.database, grantee, creation });
    }
  }
}

function applyRole(content: ServerContent, effect: Extract<SqlEffect, { kind: "role" }>, creation: Creation): void {
  const before = content.roles.get(effect.name);
  if (before === undefined && !effect.isNew) return;
  if (before !== undefined && effect.isNew) return;
  content.roles.set(effect.name, {
    name: effect.name,
    password: effect.password === undefined ? (before?.password ?? { state: "none" }) : passwordOf(effect.password),
    superuser: effect.superuser ?? before?.superuser ?? false,
    canLogin: effect.canLogin ?? before?.canLogin ?? false,
    creation: before?.creation ?? creation,
  });
}

function passwordOf(password: TracedText | "null"): Known<string> {
  if (password === "null") return { state: "none" };
  const reason = unknownPart(password);
  return reason === undefined ? { state: "known", value: password.text } : { state: "unknown", reason };
}

/** Why a text is not known to its end. */
export function unknownPart(text: TracedText): string | undefined {
  for (const { place } of text.pieces) {
    if (place.kind === "computed") return place.reason;
    if (place.kind === "unset") return `the shell variable ${place.variable} is not set`;
  }
  return undefined;
}
