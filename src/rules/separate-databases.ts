import type { Fix } from "../core/fix.ts";
import type { AlembicUse } from "./alembic-uses.ts";
import { connectionsAt } from "./connections-at.ts";
import { fixOfMoves } from "./fix-of-moves.ts";
import { freeDatabaseName } from "./free-database-name.ts";
import { moveConnections } from "./move-connections.ts";
import { planOwnDatabase } from "./plan-own-database.ts";
import { planSiblingServer } from "./plan-sibling-server.ts";
import type { Subject } from "./rule.ts";

/**
 * Gives each application but the one that stays a PostgreSQL server of its own, or with `--same-server` or the name of a
 * server that is there a database and a role on that one, and moves its connections. Undefined where the server is not of this project, or a
 * connection stands where it cannot be rewritten.
 */
export function separateDatabases(subject: Subject, stays: AlembicUse, movers: readonly AlembicUse[]): Fix | undefined {
  const { options, topology } = subject;
  const { server, database } = stays;
  if (server === undefined) return undefined;
  const named = topology.servers.find(({ service }) => service === options.toServer);
  const there = options.sameServer ? server : named;
  const parts = movers.map((mover) => {
    const wanted = (mover.connection.app ?? mover.connection.service).replaceAll("-", "_");
    const made = there
      ? planOwnDatabase(subject, there, freeDatabaseName(there, wanted))
      : planSiblingServer(subject, server, wanted, options.toServer);
    const moved = made && moveConnections(subject, connectionsAt(subject, mover, server), server, made);
    return made === undefined || moved === undefined ? undefined : { made, moved };
  });
  const known = parts.filter((part) => part !== undefined);
  if (known.length === 0 || known.length < parts.length) return undefined;
  return fixOfMoves(subject, { server, database }, known);
}
