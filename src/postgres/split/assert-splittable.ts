import { ToolError } from "../../core/tool-error.ts";
import { quoteName } from "../quote-sql.ts";
import type { SplitFacts } from "./split-facts.ts";
import type { SplitSide } from "./split-request.ts";

/** What the statements of a split want, and what they were tried with. */
const [oldest, newest] = [13, 18];

/**
 * Refuses, before anything is changed, what cannot come to its end.
 *
 * @param sides with the names their databases are to get on this server
 * @throws ToolError VERSION_UNKNOWN, SPLIT_REFUSED, POSTGRES_FAILED with what to do
 */
export function assertSplittable(label: string, facts: SplitFacts, sides: readonly SplitSide[]): void {
  const { server, self, database, preparedTransactions, logicalSlots, subscriptions } = facts;
  const name = quoteName(database.name);
  const role = quoteName(self.role);
  const major = Math.floor(server.version / 10_000);
  if (major < oldest || major > newest) {
    throw new ToolError(
      "VERSION_UNKNOWN",
      `${label} runs PostgreSQL ${major}; ${oldest} to ${newest} are known here.`,
      {
        hint:
          major > newest
            ? "npm install -g bulkhead@latest"
            : "Upgrade the server, or split a restored dump on a newer one.",
        detail: { major },
      },
    );
  }
  if (server.inRecovery) {
    throw refused(`${label} is a replica: nothing can be changed on it.`, "Name the primary server in --url.");
  }
  if (!self.ownsDatabase) {
    const grant = `GRANT ${quoteName(database.owner)} TO ${role};`;
    throw refused(
      `${self.role} is not the owner of ${database.name}, nor a superuser.`,
      `As a superuser: psql -c '${grant}'`,
    );
  }
  if (!self.mayCreateDatabases) {
    throw refused(`${self.role} may not create databases.`, `As a superuser: psql -c 'ALTER ROLE ${role} CREATEDB;'`);
  }
  const needsRoles = sides.some(
    (side) =>
      side.service === undefined && side.role !== undefined && !facts.roles.some((one) => one.name === side.role),
  );
  if (needsRoles && !self.mayCreateRoles) {
    throw refused(`${self.role} may not create roles.`, `As a superuser: psql -c 'ALTER ROLE ${role} CREATEROLE;'`);
  }
  const [transaction] = preparedTransactions;
  if (transaction !== undefined) {
    throw refused(
      `${database.name} has prepared transactions: ${preparedTransactions.join(", ")}.`,
      `psql -d ${name} -c "ROLLBACK PREPARED '${transaction.replaceAll("'", "''")}'", or COMMIT PREPARED`,
    );
  }
  const [slot] = logicalSlots;
  if (slot !== undefined) {
    throw refused(
      `${database.name} has replication slots: ${logicalSlots.join(", ")}. Their changes would end with it.`,
      `When nobody reads it any more: psql -d ${name} -c "SELECT pg_drop_replication_slot('${slot}')"`,
    );
  }
  const [subscription] = subscriptions;
  if (subscription !== undefined) {
    throw refused(
      `${database.name} has subscriptions: ${subscriptions.join(", ")}. A copy has none of them.`,
      `psql -d ${name} -c 'DROP SUBSCRIPTION ${quoteName(subscription)}'`,
    );
  }
  for (const side of sides) {
    if (side.service !== undefined || side.database === database.name) continue;
    if (!facts.databases.includes(side.database)) continue;
    throw refused(
      `There is a database ${side.database} on ${label} already.`,
      `With --url give ${side.part} another one: --name ${side.database}_2. Or, if nothing in it is needed, rename it: psql -c 'ALTER DATABASE ${quoteName(side.database)} RENAME TO ${quoteName(`${side.database}_old`)}'`,
    );
  }
}

function refused(message: string, hint: string): ToolError {
  return new ToolError("SPLIT_REFUSED", message, { hint, exitCode: 1 });
}
