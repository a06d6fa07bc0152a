import type { Clock } from "../../ports/clock.ts";
import type { RelationName } from "../database-picture.ts";

/** What has to be done before the time that is left is told. */
const firstShare = 0.02;

/** How far a dump or a restore is, in bytes of the tables as they lie on the server. */
export interface TransferProgress {
  readonly done: number;
  readonly total: number;
  /** Undefined until something can be said. */
  readonly secondsLeft: number | undefined;
}

export interface TableTracker {
  /** A line of `pg_dump --verbose` or `pg_restore --verbose`: it tells a table when it is begun. */
  readonly onLine: (line: string) => void;
  /** What the tables at work have passed so far, all together, as text: about what they take on the disk. */
  readonly onBytes: (bytes: number) => void;
  /** All tables have been copied; what follows is not told by the byte. */
  readonly onEnd: () => void;
}

/** Follows pg_dump or pg_restore: of the tables that were begun the `jobs` last ones are at work. */
export function trackTables(
  clock: Pick<Clock, "now">,
  tables: readonly (RelationName & { readonly bytes: number })[],
  jobs: number,
  onProgress: (progress: TransferProgress) => void,
): TableTracker {
  const sizes = new Map(tables.map(({ schema, name, bytes }) => [`${schema}.${name}`, bytes]));
  const total = tables.reduce((sum, { bytes }) => sum + bytes, 0);
  const working: number[] = [];
  const since = clock.now();
  let finished = 0;
  let told = 0;
  const tell = (passed: number): void => {
    const left = working.reduce((sum, bytes) => sum + bytes, 0);
    // An estimate must not go back.
    told = Math.max(told, finished + Math.min(passed, left));
    const elapsed = (clock.now() - since) / 1000;
    const isKnown = told >= total * firstShare && elapsed >= 0.5;
    const secondsLeft = isKnown ? (elapsed * (total - told)) / told : undefined;
    onProgress({ done: told, total, secondsLeft });
  };
  return {
    onLine: (line) => {
      const name = /(?:dumping contents of|processing data for) table "(.*)"$/.exec(line)?.[1];
      const bytes = name === undefined ? undefined : sizes.get(name);
      if (bytes === undefined) return;
      working.push(bytes);
      if (working.length > jobs) finished += working.shift() ?? 0;
      tell(0);
    },
    onBytes: tell,
    onEnd: () => onProgress({ done: total, total, secondsLeft: undefined }),
  };
}
