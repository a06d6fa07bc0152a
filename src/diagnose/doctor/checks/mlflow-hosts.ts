import { probeMlflowStore } from "../../../probe/probe-mlflow-store.ts";
import { notRunning } from "../ask-servers.ts";
import type { DoctorAnswer, DoctorCheck } from "../doctor-check.ts";
import { isRunning, type StackPlace } from "../doctor-place.ts";
import { resolveHost } from "../../../topology/resolve-host.ts";

/** MLflow answers each client by the name that this client calls it, and reads its store (mlflow #17910). */
export const mlflowHosts: DoctorCheck = {
  id: "mlflow-hosts",
  title: "MLflow for",
  scope: "stack",
  questions: ({ stack }) => {
    if (stack === undefined) return [];
    const { project, topology } = stack.session;
    const clients = new Map<string, { readonly server: string; readonly host: string }>();
    for (const { service, role, host, port } of topology.endpoints) {
      if (role !== "tracking" || host === undefined) continue;
      const found = resolveHost(project, service, host);
      if (found.kind !== "service") continue;
      clients.set(service, { server: found.service, host: port === undefined ? host : `${host}:${port}` });
    }
    return [...clients].map(([subject, { server, host }]) => ({
      subject: `${subject} (${host})`,
      ask: (signal) => askServer(stack, server, host, signal),
    }));
  },
};

async function askServer(stack: StackPlace, server: string, host: string, signal: AbortSignal): Promise<DoctorAnswer> {
  if (!isRunning(stack, server)) return notRunning(server);
  const address = stack.mlflowAt(server);
  if (address === undefined) return { outcome: "unknown", fact: `${server} has no address here` };
  const { baseUrl, prefix } = address;
  const outcome = await probeMlflowStore(stack.session.home.ports.http, { baseUrl, hostHeader: host, prefix }, signal);
  if (outcome.state === "fine") return { outcome: "ok", fact: outcome.detail };
  return {
    outcome: "fail",
    fact: outcome.reason,
    cure:
      outcome.state === "fault"
        ? `Add to the command of ${server}: --allowed-hosts ${host.split(":")[0]}:*,localhost:*,127.0.0.1:*\nbulkhead check --fix && bulkhead up`
        : `bulkhead logs ${server}`,
  };
}
