import type { DbRestoreResult } from "../../actions/db-restore.ts";
import { quoteWord } from "../../core/quote-word.ts";
import type { Look } from "./look.ts";
import { paint } from "./styles.ts";

/** What `db restore` brought back, what it kept, and what is left to do. */
export function renderRestore({ databases, roles, created, isByUrl }: DbRestoreResult, look: Look): string {
  const lines = databases.map(({ server, name, tables, rows }) => {
    const count = `${tables} ${tables === 1 ? "table" : "tables"}, ${rows.toLocaleString("en")} ${rows === 1 ? "row" : "rows"}`;
    return `${paint(look, "green", "Restored")}: ${server}/${name} as of ${created.slice(0, 16).replace("T", " ")} UTC, ${count}, each table compared`;
  });
  const kept = databases.flatMap(({ server, name, aside, role }) =>
    aside === null ? [] : [{ server, name, aside, role }],
  );
  const keptLines = kept.flatMap(({ server, name, aside, role }) => [
    `What ${name} was is kept as ${aside}. To remove it:`,
    paint(
      look,
      "dim",
      `  ${isByUrl ? dropOn(server) : `bulkhead exec ${server} dropdb`} -U ${quoteWord(role)} ${quoteWord(aside)}`,
    ),
  ]);
  const without =
    roles.length === 0
      ? []
      : [
          `Made without a password, which a backup does not hold: ${roles.join(", ")}. They cannot log in until they have one.`,
        ];
  const next = isByUrl ? [] : ["Start the applications with: bulkhead up"];
  return [...lines, ...keptLines, ...without, ...next].join("\n");
}

/** For a server `HOST:PORT`. */
function dropOn(server: string): string {
  const [, host = server, port = ""] = /^(.*):(\d+)$/.exec(server) ?? [];
  return `dropdb -h ${quoteWord(host)} -p ${port}`;
}
