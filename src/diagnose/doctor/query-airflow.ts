import { ToolError } from "../../core/tool-error.ts";
import { isSqlFailure, type SqlSession } from "../../ports/sql.ts";
import type { StackPlace } from "./doctor-place.ts";
import { loginTarget } from "./login-target.ts";

/** Works with one session on an Airflow's metadata database, as its own role. Throws POSTGRES_UNREACHABLE. */
export async function queryAirflow<T>(
  stack: Pick<StackPlace, "session" | "ports">,
  app: string,
  signal: AbortSignal,
  work: (session: SqlSession) => Promise<T>,
): Promise<T> {
  const { topology, home } = stack.session;
  const connection = topology.connections.find((one) => one.app === app && one.role === "metadata");
  const target = connection?.dialect === "postgresql" ? loginTarget(stack, connection) : undefined;
  if (target === undefined) throw unreachable("its database is no PostgreSQL of this project");
  const opened = await home.ports.sql.connect({ ...target, signal });
  if (isSqlFailure(opened)) throw unreachable(opened.reason);
  try {
    return await work(opened);
  } finally {
    await opened.close();
  }
}

function unreachable(reason: string): ToolError {
  return new ToolError("POSTGRES_UNREACHABLE", reason, { exitCode: 1 });
}
