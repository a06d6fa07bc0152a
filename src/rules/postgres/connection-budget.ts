import type { Label } from "../../core/finding.ts";
import type { Connection, DatabaseServer, ServiceRole } from "../../topology/topology.ts";
import { judgedConnections } from "../judged-connections.ts";
import { placeLabels } from "../label-place.ts";
import { defineRule, type Subject } from "../rule.ts";

/** SQLAlchemy's QueuePool, which both applications use by default: 5 connections kept, 10 more at need. */
const sqlAlchemyDefaults = { size: 5, overflow: 10 };
/** `max_connections` of an untouched server, 3 of them for superusers (postgresql.org, "Connections and Authentication"). */
const serverDefaults = { connections: 100, reserved: 3 };

interface Pool {
  readonly service: string;
  readonly processes: number;
  readonly perProcess: number;
  /** Places of numbers that the project itself sets. */
  readonly written: readonly Label[];
}

/**
 * Pools that may open more connections than the server takes. Defaults alone are never told: only what the project sets
 * itself, a pool's size, a number of workers or the server's limit, makes it worth a look.
 */
export const connectionBudget = defineRule({
  id: "connection-budget",
  group: "postgres",
  severity: "warning",
  fix: undefined,
  summary: "Connection pools that may open more connections than the server takes",
  *check(subject) {
    const labels = placeLabels(subject.project);
    for (const server of subject.topology.servers) {
      const limit = maxConnections(subject, server);
      const pools = judgedConnections(subject.topology)
        .filter((connection) => connection.server === server.service && connection.role === "metadata")
        .flatMap((connection) => readPool(subject, connection) ?? []);
      const wanted = pools.reduce((sum, { processes, perProcess }) => sum + processes * perProcess, 0);
      const written = [...limit.written, ...pools.flatMap((pool) => pool.written)];
      const [first, ...rest] = written;
      if (first === undefined || wanted <= limit.connections - serverDefaults.reserved) continue;
      const parts = pools.map(({ service, processes, perProcess }) => `${service} ${processes} x ${perProcess}`);
      yield {
        message: `The pools of ${pools.map(({ service }) => `\`${service}\``).join(", ")} may open ${wanted} connections to \`${server.service}\`, which takes ${limit.connections}`,
        labels: [
          first,
          ...rest,
          labels.service(
            server.service,
            `takes ${limit.connections}, ${serverDefaults.reserved} of them for superusers`,
          ),
        ],
        services: [server.service, ...pools.map(({ service }) => service)],
        evidence: [server.service, ...parts],
        confidence: "likely",
        consequence: "FATAL:  sorry, too many clients already",
        notes: [`Processes times pool size and overflow: ${parts.join(", ")}`],
      };
    }
  },
});

function maxConnections(
  { topology, project }: Subject,
  { service }: DatabaseServer,
): { connections: number; written: readonly Label[] } {
  const labels = placeLabels(project);
  for (const word of topology.services[service]?.words ?? []) {
    const match = /^(?:-c)?(?:max_connections|--max[_-]connections)=(\d+)$/.exec(word.text);
    if (match === null) continue;
    const label = labels.slice(word, 0, word.text.length, "the server's limit");
    return { connections: Number(match[1]), written: label === undefined ? [] : [label] };
  }
  return { connections: serverDefaults.connections, written: [] };
}

/** Undefined for jobs, and where a number is not known. */
function readPool({ topology, project }: Subject, connection: Connection): Pool | undefined {
  const role = topology.services[connection.service];
  if (role === undefined || role.oneShot) return undefined;
  const labels = placeLabels(project);
  const written: Label[] = [];
  const read = (name: string, ifAbsent: number, text: string): number => {
    const value = role.environment[name];
    if (value === undefined || !/^-?\d+$/.test(value)) return ifAbsent;
    const label = labels.value(["services", connection.service, "environment", name], text);
    if (label !== undefined) written.push(label);
    return Number(value);
  };
  const [size, overflow] =
    role.product === "mlflow"
      ? [
          read("MLFLOW_SQLALCHEMYSTORE_POOL_SIZE", sqlAlchemyDefaults.size, "kept by each worker"),
          read("MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW", sqlAlchemyDefaults.overflow, "more at need"),
        ]
      : [
          read("AIRFLOW__DATABASE__SQL_ALCHEMY_POOL_SIZE", sqlAlchemyDefaults.size, "kept by each process"),
          read("AIRFLOW__DATABASE__SQL_ALCHEMY_MAX_OVERFLOW", sqlAlchemyDefaults.overflow, "more at need"),
        ];
  const processes = countProcesses(role, read);
  if (size < 1 || overflow < 0) return undefined;
  return { service: connection.service, processes, perProcess: size + overflow, written };
}

/** Web workers of a UI or tracking server, else one process. Sources: `[webserver] workers`, `[api] workers`, `mlflow server --workers`. */
function countProcesses(role: ServiceRole, read: (name: string, ifAbsent: number, text: string) => number): number {
  switch (role.component?.id) {
    case "webserver":
      return read("AIRFLOW__WEBSERVER__WORKERS", 4, "processes");
    case "api-server":
      return read("AIRFLOW__API__WORKERS", 1, "processes");
    case "server":
      return read("MLFLOW_WORKERS", 4, "processes");
    default:
      return 1;
  }
}
