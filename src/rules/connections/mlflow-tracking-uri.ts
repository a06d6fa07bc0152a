import type { Fix } from "../../core/fix.ts";
import type { Endpoint } from "../../topology/topology.ts";
import { labelAddress } from "../label-address.ts";
import { placeLabels } from "../label-place.ts";
import { maskAddress } from "../mask-address.ts";
import { replacePart } from "../replace-part.ts";
import { defineRule, type Subject } from "../rule.ts";
import { touchedPaths } from "../touched-paths.ts";

/** A client's tracking URI is the HTTP address of the MLflow server, as the client's own container sees it. */
export const mlflowTrackingUri = defineRule({
  id: "mlflow-tracking-uri",
  group: "connections",
  severity: "warning",
  fix: "behaviour",
  summary: "An MLflow client that is told localhost, a malformed address or the database itself",
  *check(subject) {
    const { topology, project } = subject;
    const servers = mlflowServers(subject);
    for (const endpoint of topology.endpoints) {
      if (endpoint.state.kind === "unknown" || (endpoint.role !== "tracking" && endpoint.role !== "registry")) continue;
      const { service, writtenIn } = endpoint;
      const wrong =
        servers.length === 0 || topology.services[service]?.product === "mlflow" ? undefined : judge(subject, endpoint);
      if (wrong === undefined) continue;
      const [server] = servers;
      const effective = maskAddress(endpoint);
      yield {
        message: `${writtenIn} of \`${service}\` ${wrong.tells}`,
        labels: [
          ...labelAddress(project, endpoint, wrong.part, wrong.label),
          ...(server === undefined ? [] : [placeLabels(project).service(server, "the MLflow server")]),
        ],
        services: [service],
        evidence: [service, writtenIn, wrong.kind],
        ...(effective === undefined ? {} : { effective }),
        ...(wrong.consequence === undefined ? {} : { consequence: wrong.consequence }),
        about: [`endpoint ${service} ${writtenIn}`],
        fix: () => (servers.length === 1 && server !== undefined ? pointAt(subject, endpoint, server) : undefined),
      };
    }
  },
});

interface WrongUri {
  readonly kind: string;
  readonly tells: string;
  readonly part: "host" | "scheme" | "all";
  readonly label: string;
  /** Absent where MLflow says it in words of its own. */
  readonly consequence?: string;
}

function judge({ topology }: Subject, { text: { text }, scheme, host, port, target }: Endpoint): WrongUri | undefined {
  const uri = text.trim();
  if (/^postgres(ql)?(\+\w+)?:\/\//.test(uri)) {
    return {
      kind: "database",
      tells: "names the database, so that the client works past the MLflow server",
      part: "scheme",
      label: "a database, not an MLflow server",
    };
  }
  const malformed = /^https?:\/(?!\/)|^https?:(?!\/)|^[\w.-]+:\d+(\/|$)/.test(uri);
  if (malformed) {
    return {
      kind: "malformed",
      tells: "is no address of the form `http://host:port`",
      part: "all",
      label: "MLflow cannot read this",
      // Seen with MLflow 2.22.0; an address without `http:` is taken for something else.
      ...(/^https?:/.test(uri) ? { consequence: `mlflow.exceptions.InvalidUrlException: Invalid url: ${uri}` } : {}),
    };
  }
  const isHttp = scheme === "http" || scheme === "https";
  if (
    !isHttp ||
    target?.kind !== "self" ||
    target.services.some((name) => topology.services[name]?.product === "mlflow")
  )
    return undefined;
  return {
    kind: "localhost",
    tells: `names \`${host}\`, which inside a container is the container itself`,
    part: "host",
    label: "the container itself",
    consequence: `HTTPConnectionPool(host='${host}', port=${port}): Max retries exceeded with url`,
  };
}

function mlflowServers({ topology }: Subject): readonly string[] {
  return Object.values(topology.services)
    .filter(({ product, component }) => product === "mlflow" && component?.id === "server")
    .map(({ service }) => service);
}

function pointAt(subject: Subject, endpoint: Endpoint, server: string): Fix | undefined {
  const port = subject.topology.listeners.find((one) => one.service === server && one.purpose === "api")?.port ?? 5000;
  const address = `http://${server}:${port}`;
  const edits = replacePart(subject, endpoint, [0, endpoint.text.text.length], address);
  const title = `Let ${endpoint.service} reach MLflow at ${address}`;
  return edits && { class: "behaviour", title, edits, touches: touchedPaths(subject.project, edits) };
}
