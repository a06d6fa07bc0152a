import { labelAddress } from "../label-address.ts";
import { placeLabels } from "../label-place.ts";
import { maskAddress } from "../mask-address.ts";
import { defineRule, type Fault, type Subject } from "../rule.ts";
import type { Connection, Endpoint } from "../../topology/topology.ts";
import { aboutConnection } from "../judged-connections.ts";
import type { Fix } from "../../core/fix.ts";

/** Docker answers for a service's name only on networks that both have; the files alone decide which those are. */
export const noSharedNetwork = defineRule({
  id: "no-shared-network",
  group: "connections",
  severity: "error",
  fix: "behaviour",
  summary: "A connection between services that have no network in common",
  *check(subject) {
    const { connections, endpoints } = subject.topology;
    for (const connection of connections) {
      const severity = "error";
      yield* judge(subject, connection, severity, aboutConnection(connection));
    }
    for (const endpoint of endpoints) {
      const severity = endpoint.role === "broker" || endpoint.role === "execution-api" ? "error" : "warning";
      yield* judge(subject, endpoint, severity, `endpoint ${endpoint.service} ${endpoint.writtenIn}`);
    }
  },
});

function* judge(
  subject: Subject,
  address: Connection | Endpoint,
  severity: "error" | "warning",
  about: string,
): Iterable<Fault> {
  const { project } = subject;
  const { service, host, target } = address;
  if (address.state.kind === "unknown" || target?.kind !== "no-shared-network" || host === undefined) return;
  const place = placeLabels(project);
  const [first, ...trail] = labelAddress(project, address, "host", "not reachable from here");
  const effective = maskAddress(address);
  yield {
    severity,
    message: `\`${service}\` connects to \`${host}\`, but ${tellNetworks(subject, service)} and ${tellNetworks(subject, target.service)}`,
    labels: [first, ...trail, ...[service, target.service].map((name) => networksLabel(name))],
    services: [service, target.service],
    evidence: [service, target.service],
    ...(effective === undefined ? {} : { effective }),
    ...("dialect" in address ? { consequence: `could not translate host name "${host}" to address` } : {}),
    about: [about],
    fix: () => joinNetwork(subject, service, target.service),
  };

  function networksLabel(name: string) {
    const text = `networks of \`${name}\``;
    return place.key(["services", name, "networks"], text) ?? place.service(name, `${text}: the default one`);
  }
}

function tellNetworks({ project }: Subject, name: string): string {
  const service = project.services[name];
  const networks = Object.keys(service?.networks ?? {});
  if (networks.length === 0) return `\`${name}\` has no network (network_mode: ${service?.network_mode ?? "none"})`;
  return `\`${name}\` is on ${networks.map((one) => `\`${one}\``).join(", ")}`;
}

/** Puts the client on the first network of the other service; the default one has to be named then, or is left. */
function joinNetwork({ project, edit }: Subject, service: string, other: string): Fix | undefined {
  const own = project.services[service];
  const network = Object.keys(project.services[other]?.networks ?? {})[0];
  if (network === undefined || own === undefined || own.network_mode !== undefined) return undefined;
  const isWritten = project.origins.keyAt(["services", service, "networks"]) !== undefined;
  const edits = isWritten
    ? edit.appendServiceItem(service, "networks", network)
    : edit.setServiceKey(service, ["networks"], ["default", network]);
  if (edits === undefined) return undefined;
  const touches = [["services", service, "networks"], ["networks"]];
  return { class: "behaviour", title: `Put ${service} on the network ${network}`, edits, touches };
}
