import type { AccessRow } from "../../core/result-rows.ts";
import type { Look } from "./look.ts";
import { paint } from "./styles.ts";
import { renderTable, type Column } from "./table.ts";
import { textWidth } from "./text-width.ts";

const COLUMNS: readonly Column<AccessRow>[] = [
  { title: "SERVICE", cell: (row) => ({ text: row.service, style: "bold" }) },
  { title: "ADDRESS", cell: (row) => (row.kind === "ui" ? { text: row.url, style: "cyan" } : { text: row.url }) },
  { title: "USER", cell: (row) => ({ text: row.user ?? "" }) },
  { title: "PASSWORD IN", cell: (row) => ({ text: row.passwordIn ?? "" }) },
];

/**
 * How to open each user interface and database; passwords are named by their place only. The commands that open them are
 * the last column, or lines of their own below where the terminal is too narrow: they must stay whole to be pasted.
 */
export function renderAccessTable(rows: readonly AccessRow[], look: Look): string {
  const sorted = [...rows.filter((row) => row.kind === "ui"), ...rows.filter((row) => row.kind === "database")];
  const wide = renderTable(
    [...COLUMNS, { title: "OPEN WITH", cell: (row) => ({ text: row.open ?? "" }) }],
    sorted,
    look,
  );
  if (wide.split("\n").every((line) => textWidth(line) <= look.width)) return wide;
  const open = sorted.flatMap((row) => (row.open === null ? [] : [`  ${row.open}`]));
  const below = open.length === 0 ? [] : ["", paint(look, "dim", "OPEN WITH"), ...open];
  return [renderTable(COLUMNS, sorted, look), ...below].join("\n");
}
