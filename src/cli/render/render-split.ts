import type { DbSplitResult } from "../../actions/db-split.ts";
import { renderBytes } from "./render-bytes.ts";
import { renderDuration } from "./duration.ts";
import type { Look } from "./look.ts";
import { paint } from "./styles.ts";

/** What a split will do, did or put back. */
export function renderSplit(result: DbSplitResult, look: Look): string {
  const { did, database, outcomes, because } = result;
  const bold = (text: string): string => paint(look, "bold", text);
  switch (did) {
    case "nothing":
      return [`Nothing has to be separated in ${bold(database)}.`, ...because].join("\n");
    case "planned":
      return [renderSplitPlan(result, look), "", "Nothing was changed. Do it with: bulkhead db split"].join("\n");
    case "undone":
      return `${paint(look, "green", "Back")}: ${bold(database)} is as it was before the split.`;
    case "finished":
      return `${paint(look, "green", "Finished")}: the original of ${bold(database)} that was kept is removed.`;
    case "split":
      return [
        `${paint(look, ["green", "bold"], "Split")}: every row was compared with the original.`,
        ...outcomes.map(
          ({ part, database, revision, tables, rows }) =>
            `  ${part.padEnd(11)} ${bold(database)}  ${tables} tables, ${rows.toLocaleString("en")} rows${revision === undefined ? "" : `, revision ${revision}`}`,
        ),
        "",
        "Go back to the original: bulkhead db split --undo",
        "Remove it:               bulkhead db split --finish",
      ].join("\n");
  }
}

/** Who goes where and on what evidence, every step, what it takes, and what is to be known. */
export function renderSplitPlan({ summary, steps }: DbSplitResult, look: Look): string {
  if (summary === undefined) return "";
  const { database, keptAs, dump, bytes, diskBytes, seconds, sides, strangers, largeObjects, warnings } = summary;
  const dim = (text: string): string => paint(look, "dim", text);
  return [
    `${paint(look, "bold", database)}  ${renderBytes(bytes)}, kept as ${keptAs} until --finish${dump === null ? "" : `, and dumped to ${dump}`}`,
    ...sides.flatMap((side) => [
      `  ${side.part.padEnd(11)} ${side.stays ? "stays in" : "goes to"} ${place(side)}, owned by ${side.role}${side.isSkeleton ? "; its empty tables of a failed start go" : `: ${side.tables} tables, ${renderBytes(side.bytes)}`}`,
      ...side.revisions.map(({ table, revision, evidence }) =>
        dim(`              ${table} gets ${revision}: ${evidence}`),
      ),
    ]),
    ...strangers.map(
      ({ name, side }) => `  ${name} ${side === null ? `is left in ${keptAs} alone` : `goes with ${side}`}`,
    ),
    ...(largeObjects === 0 ? [] : [`  ${largeObjects} large objects stay in ${database}`]),
    ...steps.map(({ title }, at) => dim(`  ${String(at + 1).padStart(2)}. ${title}`)),
    `Needs ${renderBytes(diskBytes)} of disk and about ${renderDuration(seconds)}.`,
    ...warnings.flatMap(({ message, hint }) => [`${paint(look, "yellow", "Note")}: ${message}`, `  ${hint}`]),
  ].join("\n");
}

function place({ database, service }: { readonly database: string; readonly service: string | null }): string {
  return service === null ? database : `${service}/${database}`;
}
