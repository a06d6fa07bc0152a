import type { DbBackupResult } from "../../actions/db-backup.ts";
import { quoteWord } from "../../core/quote-word.ts";
import { renderBytes } from "./render-bytes.ts";
import type { Look } from "./look.ts";
import { paint } from "./styles.ts";
import { renderTable } from "./table.ts";

/** What `db backup` wrote, and how to bring it back. */
export function renderBackup({ archive, copies, url }: DbBackupResult, look: Look): string {
  const databases = (archive?.servers ?? []).flatMap(({ server, databases: found }) =>
    found.map((database) => ({ server, ...database })),
  );
  // By its revision alone a database does not tell its release.
  const orNewer = url === undefined ? "" : " or newer";
  const table = renderTable(
    [
      { title: "DATABASE", cell: ({ server, name }) => ({ text: `${server}/${name}`, style: "bold" }) },
      {
        title: "APP",
        cell: ({ apps }) => ({ text: apps.map(({ id, version }) => `${id} ${version}${orNewer}`).join(", ") }),
      },
      {
        title: "REVISION",
        cell: ({ versionTables }) => ({ text: versionTables.flatMap(({ rows }) => rows).join(", ") }),
        dropOrder: 1,
      },
      { title: "TABLES", cell: ({ tables }) => ({ text: String(tables.length) }) },
      {
        title: "ROWS",
        cell: ({ tables }) => ({ text: tables.reduce((sum, { rows }) => sum + rows, 0).toLocaleString("en") }),
      },
      { title: "SIZE", cell: ({ bytes }) => ({ text: renderBytes(bytes) }), dropOrder: 2 },
    ],
    databases,
    look,
  );
  const byUrl = url === undefined ? "" : ` --url ${url}`;
  const file =
    archive === undefined
      ? []
      : [
          `${paint(look, "green", "Backed up")}: ${archive.path} (${renderBytes(archive.bytes)})`,
          paint(look, "dim", `Bring it back with: bulkhead db restore ${quoteWord(archive.path)}${byUrl}`),
        ];
  const copied = copies.map((copy) => `Copied as it is, because its server does not start: ${copy}`);
  return [...(table === "" ? [] : [table, ""]), ...file, ...copied].join("\n");
}
