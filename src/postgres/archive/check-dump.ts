import { ToolError } from "../../core/tool-error.ts";
import type { ServerAccess } from "../../ports/server-access.ts";
import type { BackedUpDatabase } from "./backup-manifest.ts";

/** Reads a dump's table of contents: every table that has rows has its data in it. ToolError BACKUP_DAMAGED. */
export async function checkDump(
  access: ServerAccess,
  dump: string,
  { name, tables }: Pick<BackedUpDatabase, "name" | "tables">,
  signal: AbortSignal,
): Promise<void> {
  const list = await access.feed({ program: "pg_restore", args: ["--list"], signal }, dump);
  const lines = list.split("\n").filter((line) => /^\d+; \d+ \d+ (TABLE DATA|MATERIALIZED VIEW DATA) /.test(line));
  const missing = tables.filter(
    (table) => !lines.some((line) => line.includes(` DATA ${oneLine(table.schema)} ${oneLine(table.name)} `)),
  );
  if (missing.length === 0) return;
  const names = missing.slice(0, 3).map((table) => `${table.schema}.${table.name}`);
  throw new ToolError("BACKUP_DAMAGED", `The dump of ${name} lacks ${names.join(", ")}.`, {
    hint: "Repeat the backup.",
    detail: { database: name, missing: missing.length },
  });
}

/** pg_restore writes names on one line (sanitize_line). */
function oneLine(name: string): string {
  return name.replace(/[\r\n]/g, " ");
}
