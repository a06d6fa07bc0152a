import type { AccessRow } from "../../core/result-rows.ts";
import type { Look } from "./look.ts";
import { renderTable } from "./table.ts";

/** How to open each user interface and database; passwords are named by their place only. */
export function renderAccessTable(rows: readonly AccessRow[], look: Look): string {
  const sorted = [...rows.filter((row) => row.kind === "ui"), ...rows.filter((row) => row.kind === "database")];
  return renderTable<AccessRow>(
    [
      { title: "SERVICE", cell: (row) => ({ text: row.service, style: "bold" }) },
      { title: "ADDRESS", cell: (row) => (row.kind === "ui" ? { text: row.url, style: "cyan" } : { text: row.url }) },
      { title: "USER", cell: (row) => ({ text: row.user ?? "" }) },
      { title: "PASSWORD IN", cell: (row) => ({ text: row.passwordIn ?? "" }) },
      { title: "OPEN WITH", cell: (row) => ({ text: row.open ?? "", style: "dim" }), dropOrder: 1 },
    ],
    sorted,
    look,
  );
}
