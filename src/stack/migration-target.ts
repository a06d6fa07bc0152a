import { connectionTarget } from "../engine/connection-target.ts";
import type { PortTable } from "../engine/plan-ports.ts";
import type { Session } from "../engine/session.ts";
import type { SqlTarget } from "../ports/sql.ts";
import { storeConnection } from "../topology/store-connection.ts";
import type { ServiceRole } from "../topology/topology.ts";
import { migrates } from "./migrates.ts";

/** The database that a migration job brings to its head; undefined for other jobs, and where the file does not tell it. */
export function migrationTarget(session: Session, ports: PortTable, role: ServiceRole): SqlTarget | undefined {
  if (!migrates(role)) return undefined;
  const connection = storeConnection(session.topology, role.service);
  return connection === undefined ? undefined : connectionTarget(session, ports, connection);
}
