import type { Clock } from "../../ports/clock.ts";
import type { RelationName } from "../database-picture.ts";

/** How far a dump or a restore is, in bytes of the tables as they lie on the server. */
export interface TransferProgress {
  readonly done: number;
  readonly total: number;
  /** Undefined until something can be said. */
  readonly secondsLeft: number | undefined;
}

/**
 * Follows pg_dump or pg_restore by the lines of `--verbose`: each tells a table when it begins with it, the `jobs` last ones
 * are at work. Gives what to do with a line.
 */
export function trackTables(
  clock: Pick<Clock, "now">,
  tables: readonly (RelationName & { readonly bytes: number })[],
  jobs: number,
  onProgress: (progress: TransferProgress) => void,
): (line: string) => void {
  const sizes = new Map(tables.map(({ schema, name, bytes }) => [`${schema}.${name}`, bytes]));
  const total = tables.reduce((sum, { bytes }) => sum + bytes, 0);
  const working: number[] = [];
  const since = clock.now();
  let done = 0;
  return (line) => {
    const name = /(?:dumping contents of|processing data for) table "(.*)"$/.exec(line)?.[1];
    const bytes = name === undefined ? undefined : sizes.get(name);
    if (bytes === undefined) return;
    working.push(bytes);
    if (working.length > jobs) done += working.shift() ?? 0;
    const elapsed = (clock.now() - since) / 1000;
    const secondsLeft = done === 0 || elapsed < 0.5 ? undefined : (elapsed * (total - done)) / done;
    onProgress({ done, total, secondsLeft });
  };
}
