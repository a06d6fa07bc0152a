import { fine, notYet, type ProbeOutcome } from "./probe-outcome.ts";
import type { InstalledChain } from "./probe-version-row.ts";

/** Whether what a version table holds is the installed package's head; every other state is said with both revisions. Pure. */
export function judgeVersionRow(found: readonly string[], chain: InstalledChain): ProbeOutcome {
  const { versionTable, heads } = chain;
  const rows = found.join(", ");
  if (found.length === 0) return notYet(`${versionTable} is empty or missing`);
  if (heads.join() === found.join()) return fine(`${versionTable} is at ${rows}`);
  const isOwn = found.every((revision) => chain.revisions.includes(revision));
  return isOwn
    ? notYet(`${versionTable} is at ${rows}, the installed head is ${heads.join(", ")}`)
    : {
        state: "fault",
        reason: `${versionTable} holds ${rows}, which is no revision of the installed package (its head is ${heads.join(", ")})`,
      };
}
