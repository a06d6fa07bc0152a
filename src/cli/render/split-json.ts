import type { DbSplitResult } from "../../actions/db-split.ts";

/** The payload of `db split --json`. */
export function splitJson({ did, database, summary, steps, outcomes, lost, because }: DbSplitResult) {
  return {
    did,
    database,
    apps: Object.fromEntries(
      outcomes.map(({ part, database, revision, tables, rows }) => [
        part,
        { database, revision: revision ?? null, tables, rows },
      ]),
    ),
    plan: summary ?? null,
    steps: steps.map(({ id, kind, after, title }) => ({ id, kind, after, title })),
    lost,
    because,
  };
}
