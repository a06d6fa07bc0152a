import { probeMlflowStore } from "../../../probe/probe-mlflow-store.ts";
import { notRunning } from "../ask-servers.ts";
import type { DoctorAnswer, DoctorCheck } from "../doctor-check.ts";
import { isRunning, type StackPlace } from "../doctor-place.ts";
import { resolveHost } from "../../../topology/resolve-host.ts";

/** MLflow answers each client by the name that this client calls it, and reads its store (mlflow #17910). */
export const mlflowHosts: DoctorCheck = {
  id: "mlflow-hosts",
  title: "MLflow at",
  scope: "stack",
  questions: ({ stack }) => {
    if (stack === undefined) return [];
    const { project, topology } = stack.session;
    const names = new Map<string, { readonly server: string; readonly host: string; readonly clients: string[] }>();
    for (const { service, role, host, port } of topology.endpoints) {
      if (role !== "tracking" || host === undefined) continue;
      const found = resolveHost(project, service, host);
      if (found.kind !== "service") continue;
      const called = port === undefined ? host : `${host}:${port}`;
      const name = names.get(`${found.service} ${called}`) ?? { server: found.service, host: called, clients: [] };
      names.set(`${found.service} ${called}`, { ...name, clients: [...new Set([...name.clients, service])] });
    }
    return [...names.values()].map(({ server, host, clients }) => ({
      subject: `${host}, as ${clients.slice(0, 2).join(", ")}${clients.length > 2 ? ", ..." : ""} call it`,
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
