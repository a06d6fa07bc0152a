import { judgeVersionRow } from "../../../probe/judge-version-row.ts";
import { readVersionRows } from "../../../probe/probe-version-row.ts";
import { distinctConnections } from "../../../topology/distinct-connections.ts";
import type { App, Connection } from "../../../topology/topology.ts";
import type { AlembicChain } from "../../../supply/supply.ts";
import { notRunning } from "../ask-servers.ts";
import type { DoctorAnswer, DoctorCheck } from "../doctor-check.ts";
import { isRunning, type StackPlace } from "../doctor-place.ts";
import { loginTarget } from "../login-target.ts";

/** The version rows of each app's database are the heads of the packages that are installed. */
export const migrations: DoctorCheck = {
  id: "migrations",
  title: "Migration",
  scope: "stack",
  // In a container its packages are read anew.
  limitMs: 20_000,
  questions: ({ stack }) => {
    if (stack === undefined) return [];
    const { topology } = stack.session;
    return topology.apps.flatMap((app) => {
      const connection = distinctConnections(topology).find(
        ({ role, dialect, app: owner }) => role === "metadata" && dialect === "postgresql" && owner === app.id,
      );
      return connection === undefined ? [] : [{ subject: app.id, ask: () => askConnection(stack, app, connection) }];
    });
  },
};

async function askConnection(stack: StackPlace, app: App, connection: Connection): Promise<DoctorAnswer> {
  const { session } = stack;
  const { server } = connection;
  if (server !== undefined && !isRunning(stack, server)) return notRunning(server);
  const target = loginTarget(stack, connection);
  if (target === undefined) return { outcome: "unknown", fact: "its database is no PostgreSQL of this project" };
  const histories = await readHistories(stack, app);
  const chain = histories.find(
    ({ package: owner, versionTable }) => owner === app.product && versionTable === "alembic_version",
  );
  if (chain === undefined) {
    return {
      outcome: "unknown",
      fact: "none of its services was started here, so its own revisions are not known",
      cure: "bulkhead up",
    };
  }
  const { sql } = session.home.ports;
  const database = `${server ?? ""}/${target.database}`;
  const found = await readVersionRows(sql, target, chain.versionTable);
  // That nobody gets in is the check `logins`' to judge.
  if ("reason" in found) return { outcome: "unknown", fact: found.reason };
  const outcome = judgeVersionRow(found.revisions, chain);
  if (outcome.state === "not-yet") {
    return { outcome: "fail", fact: outcome.reason, cure: `bulkhead db status ${database}\nbulkhead up` };
  }
  if (outcome.state === "fault") {
    return { outcome: "fail", fact: outcome.reason, cure: `bulkhead db status ${database}` };
  }
  // Providers keep their own; those that are not used have no table.
  for (const more of histories.filter(({ package: owner }) => owner.startsWith(`${app.product}.providers.`))) {
    const theirs = await readVersionRows(sql, target, more.versionTable);
    if ("reason" in theirs || theirs.revisions.length === 0 || theirs.revisions.join() === more.heads.join()) continue;
    return {
      outcome: "fail",
      fact: `${more.versionTable} is at ${theirs.revisions.join(", ")}, the installed head of ${more.package} is ${more.heads.join(", ")}`,
      cure: `bulkhead db status ${database}\nbulkhead up`,
    };
  }
  return { outcome: "ok", fact: outcome.detail };
}

/** Of the first of its services that knows: all have one image, and a job may have been spared by a template. */
async function readHistories(stack: StackPlace, { services }: App): Promise<readonly AlembicChain[]> {
  for (const service of services) {
    const histories = (await (await stack.open(service))?.histories()) ?? [];
    if (histories.length > 0) return histories;
  }
  return [];
}
