import type { ServiceState } from "../core/event.ts";
import type { ServiceRow } from "../core/result-rows.ts";
import type { Session } from "../engine/session.ts";
import type { PortTable } from "../engine/plan-ports.ts";
import type { UnitStatus } from "../engine/native/unit.ts";
import type { ProbeOutcome } from "../probe/probe-outcome.ts";

export interface DescribeRequest {
  readonly session: Session;
  readonly services: readonly string[];
  readonly ports: PortTable;
  readonly statuses: ReadonlyMap<string, UnitStatus>;
  /** One-shots, and programs that may end, that succeeded, here or earlier. */
  readonly completed: ReadonlySet<string>;
  /** Readiness asked just now, by service; absent: not asked. */
  readonly readiness: ReadonlyMap<string, ProbeOutcome>;
}

/** The rows of `ps` and `up`. */
export function describeServices(request: DescribeRequest): readonly ServiceRow[] {
  return request.services.map((service) => describe(request, service));
}

function describe(request: DescribeRequest, service: string): ServiceRow {
  const { session, ports, statuses, readiness } = request;
  const role = session.topology.services[service];
  const status = statuses.get(service);
  const asked = readiness.get(service);
  const published = Object.entries(ports[service] ?? {}).filter(([, address]) => address.published);
  return {
    name: service,
    product: role?.product ?? null,
    component: role?.component?.id ?? null,
    state: stateOf(role?.oneShot === true || role?.mayEnd === true, request.completed.has(service), status, asked),
    health:
      status === undefined || role?.oneShot === true
        ? null
        : asked === undefined
          ? status.health
          : asked.state === "fine"
            ? "healthy"
            : "unhealthy",
    pid: status?.pid ?? null,
    exitCode: status?.exitCode ?? (request.completed.has(service) ? 0 : null),
    ports: published.map(([target, { host, port }]) => `${host}:${port}->${target}/tcp`),
    restarts: status?.restarts ?? 0,
    waitingFor: asked === undefined || asked.state === "fine" ? null : asked.reason,
  };
}

function stateOf(
  ends: boolean,
  completed: boolean,
  status: UnitStatus | undefined,
  asked: ProbeOutcome | undefined,
): ServiceState {
  if (status === undefined) return completed ? "completed" : "stopped";
  switch (status.state) {
    case "exited":
      return ends && status.exitCode === 0 ? "completed" : "exited";
    case "crash-loop":
      return "crash-loop";
    case "stopped":
      return ends && completed ? "completed" : "stopped";
    case "starting":
    case "backing-off":
      return "starting";
    case "stopping":
    case "running":
      return asked?.state === "fine" ? "ready" : "running";
  }
}
