import type { ServerAccess } from "../../ports/server-access.ts";

/** Below this a second connection costs more than it brings; an empty database has 8 MB. */
const smallBytes = 16 * 1024 * 1024;
const most = 4;

/** How many tables of a database are dumped or restored at a time. */
export async function jobsFor(
  access: ServerAccess,
  database: string,
  cpus: number,
  signal: AbortSignal,
): Promise<number> {
  if (!access.seesFiles) return 1;
  const session = await access.connect("postgres", signal);
  try {
    const [row] = await session.query("SELECT pg_database_size(oid) AS bytes FROM pg_database WHERE datname = $1", [
      database,
    ]);
    return jobsForBytes(Number(row?.["bytes"] ?? 0), cpus);
  } finally {
    await session.close();
  }
}

export function jobsForBytes(bytes: number, cpus: number): number {
  return bytes < smallBytes ? 1 : Math.max(1, Math.min(cpus, most));
}
