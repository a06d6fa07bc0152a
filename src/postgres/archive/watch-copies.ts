import type { Clock } from "../../ports/clock.ts";
import type { ServerAccess } from "../../ports/server-access.ts";

const pauseMs = 500;

/** Bytes that the COPY commands which run in a database have read or written; the view is there from 14 on. */
const query = `SELECT coalesce(sum(bytes_processed), 0) AS bytes FROM pg_stat_progress_copy WHERE datname = $1`;

/**
 * Does a work, and tells twice a second how far the tables are that are being copied in the database. What cannot be asked
 * is not told: the work goes on.
 */
export async function watchCopies<T>(
  request: {
    readonly access: ServerAccess;
    readonly clock: Pick<Clock, "sleep">;
    readonly database: string;
    readonly onBytes: (bytes: number) => void;
  },
  work: () => Promise<T>,
): Promise<T> {
  const ended = new AbortController();
  const watching = watch(request, ended.signal).catch(() => undefined);
  try {
    return await work();
  } finally {
    ended.abort();
    await watching;
  }
}

async function watch(
  { access, clock, database, onBytes }: Parameters<typeof watchCopies>[0],
  signal: AbortSignal,
): Promise<void> {
  await clock.sleep(pauseMs, signal);
  const session = await access.connect("postgres", signal);
  try {
    for (;;) {
      const [row] = await session.query(query, [database]);
      onBytes(Number(row?.["bytes"]));
      await clock.sleep(pauseMs, signal);
    }
  } finally {
    await session.close();
  }
}
