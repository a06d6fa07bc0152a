import type { Fix } from "../core/fix.ts";
import type { AlembicUse } from "./alembic-uses.ts";
import { connectionsAt } from "./connections-at.ts";
import { fixOfMoves } from "./fix-of-moves.ts";
import { freeDatabaseName } from "./free-database-name.ts";
import { moveConnections } from "./move-connections.ts";
import { planOwnDatabase } from "./plan-own-database.ts";
import type { Subject } from "./rule.ts";

/**
 * Gives the users of an MLflow a database of their own on the server they are on, with the role they have: their URL stands
 * in basic_auth.ini, which takes no variable for a new password. Undefined where the server is not of this project, or the
 * URL cannot be rewritten.
 */
export function separateUsers(subject: Subject, users: AlembicUse): Fix | undefined {
  const { server, database, connection } = users;
  const owner = connection.user;
  if (server === undefined || owner === undefined) return undefined;
  const made = planOwnDatabase(subject, server, freeDatabaseName(server, `${database}_auth`), owner);
  const own = connectionsAt(subject, users, server).filter(({ role }) => role === "auth");
  const moved = made && moveConnections(subject, own, server, made);
  if (made === undefined || moved === undefined) return undefined;
  const title = `Give the users of ${connection.service} a database of their own, ${made.name}, on ${server.service}`;
  return fixOfMoves(subject, { server, database }, [{ made: { ...made, title }, moved }]);
}
