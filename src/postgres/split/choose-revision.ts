import type { AppShare } from "../database-verdict.ts";

/** The row an application's version table gets, and what says so. */
export interface ChosenRevision {
  readonly revision: string;
  /** `its tables have the marks of 2.7.0-2.7.3`. */
  readonly evidence: string;
}

/**
 * The revision of an application's tables: the one its columns tell. A row that says the same, or one that looks the same
 * on PostgreSQL, is kept as it is. Undefined when nothing tells it: marks out of order, or none.
 */
export function chooseRevision({ revision, owner }: AppShare): ChosenRevision | undefined {
  const { recorded, fingerprint, alsoFits, outOfOrder, release } = revision;
  if (outOfOrder.length > 0) return undefined;
  const [row, second] = recorded;
  const of = release === undefined ? "" : ` (${owner} ${release})`;
  if (fingerprint === undefined) {
    return row !== undefined && second === undefined
      ? { revision: row, evidence: `the only row that is ${owner}'s, of a release newer than those known here` }
      : undefined;
  }
  const fits = recorded.find((one) => one === fingerprint || alsoFits.includes(one));
  if (fits !== undefined) return { revision: fits, evidence: `its row, and its columns agree${of}` };
  const also = alsoFits.length === 0 ? "" : `; ${alsoFits.join(", ")} would look the same`;
  return { revision: fingerprint, evidence: `its columns${of}${also}` };
}
