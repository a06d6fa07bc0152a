import type { Http } from "../../../ports/http.ts";
import { probeMlflowStore } from "../../../probe/probe-mlflow-store.ts";
import type { Endpoint } from "../../../topology/topology.ts";
import { notRunning } from "../ask-servers.ts";
import type { DoctorAnswer, DoctorCheck } from "../doctor-check.ts";
import { isRunning, type StackPlace } from "../doctor-place.ts";

/** MLflow answers each client by the name that this client calls it, and reads its store (mlflow #17910). */
export const mlflowHosts: DoctorCheck = {
  id: "mlflow-hosts",
  title: "MLflow at",
  scope: "stack",
  questions: ({ stack }) =>
    stack === undefined
      ? []
      : listNames(stack).map((name) => ({
          subject: `${name.host}, as ${name.clients.slice(0, 2).join(", ")}${name.clients.length > 2 ? ", ..." : ""} call it`,
          ask: (signal) => askName(stack, name, signal),
        })),
};

/** A name that clients call, and where it leads from them. */
interface CalledName {
  readonly host: string;
  readonly port: number;
  readonly target: Endpoint["target"];
  readonly clients: readonly string[];
}

function listNames({ session }: StackPlace): readonly CalledName[] {
  const names = new Map<string, CalledName>();
  for (const { service, role, host, port, target } of session.topology.endpoints) {
    if (role !== "tracking" || host === undefined) continue;
    const called = port === undefined ? host : `${host}:${port}`;
    const key = `${called} ${JSON.stringify(target)}`;
    const known = names.get(key) ?? { host: called, port: port ?? 80, target, clients: [] };
    names.set(key, { ...known, clients: [...new Set([...known.clients, service])] });
  }
  return [...names.values()];
}

async function askName(stack: StackPlace, name: CalledName, signal: AbortSignal): Promise<DoctorAnswer> {
  const { host, target, clients } = name;
  if (target === undefined || target.kind === "unknown" || target.kind === "host") {
    return { outcome: "unknown", fact: "it is outside of this project" };
  }
  if (target.kind !== "service") {
    return {
      outcome: "fail",
      fact: `nothing that ${clients.join(", ")} can reach has this name`,
      cure: "bulkhead check --fix=behaviour && bulkhead up",
    };
  }
  const server = target.service;
  if (!isRunning(stack, server)) return notRunning(server);
  const address = stack.mlflowAt(server);
  if (address === undefined) return { outcome: "unknown", fact: `${server} has no address here` };
  const { baseUrl, prefix } = address;
  const outcome = await probeMlflowStore(httpOf(stack, name), { baseUrl, hostHeader: host, prefix }, signal);
  if (outcome.state === "fine") return { outcome: "ok", fact: outcome.detail };
  return {
    outcome: "fail",
    fact: outcome.reason,
    cure:
      outcome.state === "fault"
        ? `Write at the command of ${server}: --allowed-hosts ${namesOf(stack, server)}\nThen: bulkhead up`
        : `bulkhead logs ${server}`,
  };
}

/** What MLflow has to answer to: each name that clients call it, its own, and this machine's browser. */
function namesOf(stack: StackPlace, server: string): string {
  const called = listNames(stack).flatMap(({ host, target }) =>
    target?.kind === "service" && target.service === server ? [host.replace(/:\d+$/, "")] : [],
  );
  return [...new Set([server, ...called, "localhost", "127.0.0.1"])].map((name) => `${name}:*`).join(",");
}

/** From inside a client's container where one runs, with its network and its names; else from this machine. */
function httpOf(stack: StackPlace, { host, port, clients }: CalledName): Http {
  const { http } = stack.session.home.ports;
  const client = clients.find((service) => isRunning(stack, service));
  const dial = client === undefined ? undefined : stack.dialFrom(client, host.replace(/:\d+$/, ""), port);
  return dial === undefined ? http : { request: (request) => http.request({ ...request, dial }) };
}
