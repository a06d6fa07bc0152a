import type { ProofStep } from "../core/result-rows.ts";
import { connectionTarget } from "../engine/connection-target.ts";
import { probeRoleLogin } from "../probe/probe-role-login.ts";
import { probeVersionRow } from "../probe/probe-version-row.ts";
import { distinctConnections } from "../topology/distinct-connections.ts";
import type { Connection } from "../topology/topology.ts";
import { runStep, type ProofContext, type StepOutcome } from "./proof-context.ts";

/**
 * Every connection of the topology, once per distinct one: its name resolves to a server of the project, its role logs in
 * to the database it names, and the version row there belongs to the app that reads it.
 */
export async function proveConnections(context: ProofContext): Promise<readonly ProofStep[]> {
  const steps: ProofStep[] = [];
  for (const connection of distinctConnections(context.session.topology)) {
    const name = `${connection.app}: ${connection.user}@${connection.host}:${connection.port}/${connection.database}`;
    steps.push(await runStep(context, name, () => proveConnection(context, connection)));
  }
  return steps;
}

async function proveConnection(context: ProofContext, connection: Connection): Promise<StepOutcome> {
  const { session, ports } = context;
  const { sql } = session.home.ports;
  if (connection.state.kind === "unknown")
    return { ok: null, evidence: `${connection.writtenIn} of ${connection.service}: ${connection.state.reason}` };
  if (connection.dialect !== "postgresql")
    return {
      ok: null,
      evidence: `${connection.writtenIn} of ${connection.service} is ${connection.dialect}, not PostgreSQL`,
    };
  const target = connectionTarget(session, ports, connection);
  if (target === undefined)
    return {
      ok: false,
      evidence: `${connection.host} in ${connection.writtenIn} of ${connection.service} is no service it shares a network with`,
    };
  const login = await probeRoleLogin(sql, target);
  if (login.state !== "fine") return { ok: false, evidence: login.reason };
  if (connection.role !== "metadata") return { ok: true, evidence: login.detail };
  const histories = await (await context.open(connection.service))?.histories();
  const chain = histories?.find((one) => one.versionTable === "alembic_version");
  if (chain === undefined) return { ok: true, evidence: login.detail };
  const row = await probeVersionRow(sql, target, chain);
  return row.state === "fine"
    ? { ok: true, evidence: `${login.detail}; ${row.detail}` }
    : { ok: false, evidence: row.reason };
}
