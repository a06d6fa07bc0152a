import { ToolError } from "../core/tool-error.ts";
import type { Sql, SqlTarget } from "../ports/sql.ts";
import { probeVersionRow, type InstalledChain } from "../probe/probe-version-row.ts";

/**
 * Throws ToolError STACK_FAILED when a database is not at the head of what is installed. `how` the service came to its end:
 * `exited with 0`, which images' entrypoints also say of a migration that failed.
 */
export async function assertMigrated(
  sql: Sql,
  { target, chain }: { readonly target: SqlTarget; readonly chain: InstalledChain },
  service: string,
  how: string,
): Promise<void> {
  const outcome = await probeVersionRow(sql, target, chain);
  if (outcome.state === "fine") return;
  throw new ToolError("STACK_FAILED", `${service} ${how}, but the database is not migrated: ${outcome.reason}.`, {
    hint: `bulkhead logs ${service}`,
    exitCode: 1,
    detail: { service },
  });
}
