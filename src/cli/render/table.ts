import type { Look } from "./look.ts";
import { paint, type Style } from "./styles.ts";
import { padTo, textWidth } from "./text-width.ts";

export interface Cell {
  readonly text: string;
  readonly style?: Style;
}

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => Cell;
  /** Where the terminal is too narrow, the column with the highest number goes first; absent: never. */
  readonly dropOrder?: number;
}

/**
 * A table with a quiet header, two spaces between columns. Columns that are empty in every row are left out, and columns
 * with a `dropOrder` where the width does not suffice. No rows: an empty string. Ends without a newline.
 */
export function renderTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[], look: Look): string {
  if (rows.length === 0) return "";
  let shown = columns
    .map((column) => ({ column, cells: rows.map((row) => column.cell(row)) }))
    .filter(({ cells }) => cells.some(({ text }) => text !== ""))
    .map(({ column, cells }) => ({
      column,
      cells,
      width: Math.max(textWidth(column.title), ...cells.map(({ text }) => textWidth(text))),
    }));

  while (shown.reduce((sum, { width }) => sum + width + 2, -2) > look.width) {
    const droppable = shown.filter(({ column }) => column.dropOrder !== undefined);
    if (droppable.length === 0) break;
    const first = Math.max(...droppable.map(({ column }) => column.dropOrder ?? 0));
    shown = shown.filter(({ column }) => column.dropOrder !== first);
  }

  const line = (cells: readonly Cell[]) =>
    cells
      .map(({ text, style }, index) => {
        const width = index === cells.length - 1 ? 0 : (shown[index]?.width ?? 0);
        return paint(look, style, text) + padTo(text, width).slice(text.length);
      })
      .join("  ")
      .trimEnd();
  return [
    line(shown.map(({ column }) => ({ text: column.title, style: "dim" as const }))),
    ...rows.map((_, row) => line(shown.map(({ cells }) => cells[row] ?? { text: "" }))),
  ].join("\n");
}
