import { airflowOperation } from "../catalog/airflow/operation.ts";
import type { ServiceRow } from "../core/result-rows.ts";
import { ToolError } from "../core/tool-error.ts";
import type { Session } from "../engine/session.ts";
import type { PortTable } from "../engine/plan-ports.ts";
import { healthNames, probeAirflowHealth } from "../probe/probe-airflow-health.ts";
import type { ProbeOutcome } from "../probe/probe-outcome.ts";
import { describeServices } from "./describe-services.ts";
import { loadJobRecord } from "./job-record.ts";
import { ownAddress, readinessProbe } from "./readiness.ts";
import type { UnitWatch } from "./unit-watch.ts";
import type { UnitStatus } from "../engine/native/unit.ts";

export interface ConfirmRequest {
  readonly session: Session;
  readonly watch: Pick<UnitWatch, "status" | "refresh">;
  readonly ports: PortTable;
  readonly services: readonly string[];
  readonly signal: AbortSignal;
}

const limitMs = 60_000;

/**
 * The last gate of `up`: every app as a whole. Airflow's own health body tells each component this project runs healthy,
 * with a heartbeat newer than its unit. Gives the rows as they are then.
 */
export async function confirmStack(request: ConfirmRequest): Promise<readonly ServiceRow[]> {
  const { session, watch, signal } = request;
  const { http, clock } = session.home.ports;
  for (const { server, ...question } of planHealthQuestions(request)) {
    const until = clock.now() + limitMs;
    for (;;) {
      const outcome = await probeAirflowHealth(http, { ...question, signal });
      if (outcome.state === "fine") break;
      if (clock.now() > until) {
        throw new ToolError("TIMED_OUT", `${server} answers, but Airflow's health does not come: ${outcome.reason}.`, {
          hint: `bulkhead logs ${server}`,
          exitCode: 1,
        });
      }
      await clock.sleep(150, signal);
    }
  }
  const until = clock.now() + limitMs;
  for (;;) {
    await watch.refresh();
    const rows = await askServices(request);
    // Each was ready once: what does not answer right now, on a busy machine say, is asked again.
    if (!rows.some(({ state }) => state === "running") || clock.now() > until) return rows;
    await clock.sleep(500, signal);
  }
}

/** One question to Airflow's health page: `expected` as probeAirflowHealth takes it. */
export interface HealthQuestion {
  /** The service that answers. */
  readonly server: string;
  readonly baseUrl: string;
  readonly path: string;
  readonly expected: Readonly<Record<string, number>>;
}

/** What tells that each Airflow app as a whole works: its health page, with the components that run here. */
export function planHealthQuestions(request: Omit<ConfirmRequest, "signal">): readonly HealthQuestion[] {
  const { session, watch, ports, services } = request;
  const questions: HealthQuestion[] = [];
  for (const app of session.topology.apps.filter((one) => one.product === "airflow")) {
    const running = app.services.filter((service) => services.includes(service));
    const server = running
      .map((service) => session.topology.services[service])
      .find((role) => role?.component?.id === "api-server" || role?.component?.id === "webserver");
    const address = server === undefined ? undefined : ownAddress(ports, server);
    if (server === undefined || address === undefined) continue;
    const expected: Record<string, number> = {};
    for (const service of running) {
      const name = healthNames[session.topology.services[service]?.component?.id ?? ""];
      const startedAt = Date.parse(watch.status(service)?.startedAt ?? "");
      if (name !== undefined && !Number.isNaN(startedAt)) expected[name] = Math.max(expected[name] ?? 0, startedAt);
    }
    const path = airflowOperation(app.version).healthPath;
    questions.push({ server: server.service, baseUrl: address.url, path, expected });
  }
  return questions;
}

/** The rows of `ps`: each running service is asked once whether it works. */
export async function askServices(request: ConfirmRequest): Promise<readonly ServiceRow[]> {
  const { session, watch, ports, services, signal } = request;
  const readiness = new Map<string, ProbeOutcome>();
  const statuses = new Map<string, UnitStatus>();
  const completed = new Set<string>();
  await Promise.all(
    services.map(async (service) => {
      const role = session.topology.services[service];
      const status = watch.status(service);
      if (status !== undefined) statuses.set(service, status);
      const isJob = role?.oneShot === true;
      const record = isJob || role?.mayEnd === true ? await loadJobRecord(session, service) : undefined;
      // What may end may have been started with another definition since, and stopped.
      if (record !== undefined && (isJob || status === undefined || record.hash === status.hash))
        completed.add(service);
      if (!isJob && role !== undefined && status?.state === "running") {
        readiness.set(
          service,
          await readinessProbe(session, ports, role)(Date.parse(status.startedAt ?? "") || 0, signal),
        );
      }
    }),
  );
  return describeServices({ session, services, ports, statuses, completed, readiness });
}
