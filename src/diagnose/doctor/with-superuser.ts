import type { SqlSession } from "../../ports/sql.ts";
import type { StackPlace } from "./doctor-place.ts";

/** Works with one session of a server's superuser and closes it. Throws POSTGRES_UNREACHABLE. */
export async function withSuperuser<T>(
  stack: Pick<StackPlace, "openServer">,
  { service, database }: { readonly service: string; readonly database: string },
  signal: AbortSignal,
  work: (session: SqlSession) => Promise<T>,
): Promise<T> {
  const session = await stack.openServer(service).connect(database, signal);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}
