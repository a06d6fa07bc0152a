import { isSince } from "../airflow-releases.ts";
import { labelImage } from "../label-image.ts";
import { mlflowServers, type MlflowServer } from "../mlflow-servers.ts";
import { placeLabels } from "../label-place.ts";
import { defineRule, type Fault, type Subject } from "../rule.ts";
import type { ServiceRole } from "../../topology/topology.ts";

/** Client and server talk over a REST interface that each minor release adds to. */
export const mlflowClientServerSkew = defineRule({
  id: "mlflow-client-server-skew",
  group: "mlflow",
  severity: "info",
  fix: undefined,
  summary: "An MLflow client of another release than the server it logs to",
  *check(subject) {
    const servers = mlflowServers(subject);
    for (const role of Object.values(subject.topology.services)) {
      const client = clientVersion(role);
      const server = client === undefined ? undefined : serverOf(subject, role.service, servers);
      if (client === undefined || server === undefined || server.service === role.service) continue;
      const { version } = server;
      if (version === undefined || !/^\d/.test(version) || minorOf(version) === minorOf(client)) continue;
      yield judge(subject, role, client, server, version);
    }
  },
});

function judge(subject: Subject, role: ServiceRole, client: string, server: MlflowServer, version: string): Fault {
  const isMajor = client.split(".")[0] !== version.split(".")[0];
  const isNewer = isSince(client, version);
  return {
    message: `\`${role.service}\` logs with MLflow ${client} to \`${server.service}\`, which is MLflow ${version}`,
    ...(isMajor ? { severity: "warning" as const } : {}),
    labels: [labelClient(subject, role), labelImage(subject, server.service, `MLflow ${version}`)],
    services: [role.service, server.service],
    evidence: [role.service, server.service, minorOf(client), minorOf(version)],
    notes: [
      isNewer
        ? "A client that is newer asks for what the server does not have"
        : "A server takes older clients for a while, not for all they do",
    ],
    about: [`client ${role.service} ${server.service}`],
  };
}

/** `mlflow==2.7.1` in the packages that the project adds to another product's image. */
function clientVersion({ product, pip }: ServiceRole): string | undefined {
  if (product !== "airflow") return undefined;
  const pins = pip.flatMap(
    (line) => /^mlflow(?:-skinny)?(?:\[[^\]]*\])?\s*==\s*(\d+\.\d+(?:\.\d+)?)\s*$/.exec(line.trim())?.[1] ?? [],
  );
  return pins[0];
}

/** The server that the client is told; without an address the only one there is. */
function serverOf({ topology }: Subject, service: string, servers: readonly MlflowServer[]): MlflowServer | undefined {
  const told = topology.endpoints.find((one) => one.service === service && one.role === "tracking");
  if (told === undefined) return servers.length === 1 ? servers[0] : undefined;
  const { target } = told;
  return told.state.kind === "known" && target?.kind === "service"
    ? servers.find((one) => one.service === target.service)
    : undefined;
}

function labelClient(subject: Subject, role: ServiceRole) {
  const variable = role.environmentText.get("_PIP_ADDITIONAL_REQUIREMENTS");
  const match = variable === undefined ? undefined : /mlflow(?:-skinny)?[^ ]*/.exec(variable.text);
  const labels = placeLabels(subject.project);
  const place =
    variable === undefined || match == null
      ? undefined
      : labels.slice(variable, match.index, match.index + match[0].length, "the client");
  return (
    place ??
    labels.key(["services", role.service, "build"], "installs the client") ??
    labels.service(role.service, "has the client")
  );
}

function minorOf(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}
