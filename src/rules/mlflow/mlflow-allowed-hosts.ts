import type { Label } from "../../core/finding.ts";
import type { Fix } from "../../core/fix.ts";
import type { Endpoint } from "../../topology/topology.ts";
import { labelAddress } from "../label-address.ts";
import { placeLabels } from "../label-place.ts";
import { hasServerFlag, isSinceMlflow, mlflowServers, serverOption, type MlflowServer } from "../mlflow-servers.ts";
import { rewriteText } from "../rewrite-text.ts";
import { defineRule, type Fault, type Subject } from "../rule.ts";
import { touchedPaths } from "../touched-paths.ts";

const variable = "MLFLOW_SERVER_ALLOWED_HOSTS";

/**
 * From 3.5 on the server answers only to names it knows: by default localhost and private addresses. `--allowed-hosts`
 * replaces these. A pattern without `*` has to be the whole Host header, with its port (mlflow/server/security_utils.py;
 * measured with 3.17.2).
 */
export const mlflowAllowedHosts = defineRule({
  id: "mlflow-allowed-hosts",
  group: "mlflow",
  severity: "warning",
  fix: "behaviour",
  summary: "An MLflow server from 3.5 on that refuses the name it is reached by",
  hiddenBy: ["command-cut-by-newline"],
  *check(subject) {
    for (const server of mlflowServers(subject)) {
      if (isSinceMlflow(server.version, "3.5.0") && checksHosts(server)) yield* judge(subject, server);
    }
  },
});

/** Only the uvicorn server has the check, and it can be switched off. */
function checksHosts(server: MlflowServer): boolean {
  const { variables } = server.invocation;
  const isOff = /^(true|1|yes|on)$/i.test(variables.get("MLFLOW_SERVER_DISABLE_SECURITY_MIDDLEWARE")?.text ?? "");
  return (
    !isOff && !hasServerFlag(server, ["--disable-security-middleware", "--gunicorn-opts", "--waitress-opts", "--dev"])
  );
}

/** Somebody who reaches the server, and the Host header that comes with it. */
interface Caller {
  readonly header: string;
  readonly endpoint: Endpoint | undefined;
}

function* judge(subject: Subject, server: MlflowServer): Iterable<Fault> {
  const { service, version } = server;
  const option = serverOption(server, "--allowed-hosts", variable);
  const isComputed = option?.value.pieces.some(({ place }) => place.kind === "computed" || place.kind === "unset");
  if (isComputed === true) return;
  const allowed = option?.value.text.split(",").map((one) => one.trim());
  const refused = callersOf(subject, server, option !== undefined).filter(({ header }) => !isAllowed(header, allowed));
  const [first] = refused;
  if (first === undefined) return;
  const labels = placeLabels(subject.project);
  const headers = [...new Set(refused.map(({ header }) => header))];
  const place: Label =
    (option && labels.slice(option.value, 0, option.value.text.length, `without ${headers.join(", ")}`)) ??
    labels.service(service, "answers to localhost and private addresses only");
  yield {
    message: `MLflow ${version === "latest" ? "of today" : (version ?? "")} of \`${service}\` refuses requests to ${headers.map((one) => `\`${one}\``).join(" and ")}`,
    labels: [
      place,
      ...refused.flatMap(({ endpoint }) =>
        endpoint === undefined ? [] : labelAddress(subject.project, endpoint, "host", "asks by this name").slice(0, 1),
      ),
    ],
    services: [service, ...refused.flatMap(({ endpoint }) => endpoint?.service ?? [])],
    evidence: [service, ...headers],
    confidence: server.isPinned ? "certain" : "likely",
    consequence: "Invalid Host header - possible DNS rebinding attack detected",
    notes: ["`/health` answers all the same, so a green health check proves nothing"],
    about: [`hosts ${service}`, `command ${service}`],
    fix: () => planFix(subject, server, headers, allowed),
  };
}

/** Clients by name, and this machine's browser where hosts were named without it. */
function callersOf(
  { topology, project }: Subject,
  { service, port }: MlflowServer,
  isNamed: boolean,
): readonly Caller[] {
  const clients = topology.endpoints.flatMap((endpoint): Caller[] => {
    const { role, state, target, scheme, host, port: asked } = endpoint;
    const isTracking = role === "tracking" || role === "registry";
    if (!isTracking || state.kind === "unknown" || target?.kind !== "service" || target.service !== service) return [];
    if (host === undefined || !/^https?$/.test(scheme) || asked === undefined) return [];
    const isDefault = asked === (scheme === "http" ? 80 : 443);
    return [{ header: isDefault ? host : `${host}:${asked}`, endpoint }];
  });
  const published = project.services[service]?.ports.find(({ target }) => target === port)?.published;
  const isRange = published === undefined || !/^\d+$/.test(published);
  return [...clients, ...(isNamed && !isRange ? [{ header: `localhost:${published}`, endpoint: undefined }] : [])];
}

function isAllowed(header: string, allowed: readonly string[] | undefined): boolean {
  if (allowed === undefined) {
    return /^(localhost|127\.0\.0\.1|\[::1\]|0\.0\.0\.0)(:\d+)?$|^(192\.168|10|172\.(1[6-9]|2\d|3[01]))\./.test(header);
  }
  return allowed.some((one) => (one.includes("*") ? matches(header, one) : header === one));
}

/** Python's fnmatch, of which hosts need `*` and `?`. */
function matches(header: string, pattern: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "i").test(header);
}

function planFix(
  { edit, project }: Subject,
  server: MlflowServer,
  headers: readonly string[],
  allowed: readonly string[] | undefined,
): Fix | undefined {
  const { service } = server;
  const names = headers.map((header) => `${header.replace(/:\d+$/, "")}:*`);
  const hosts = [
    ...new Set([...(allowed ?? []), ...names, ...(allowed === undefined ? ["localhost:*", "127.0.0.1:*"] : [])]),
  ];
  const option = serverOption(server, "--allowed-hosts", variable);
  const edits =
    option === undefined
      ? edit.setEnvironment(service, variable, hosts.join(","))
      : rewriteText(edit, option.value, hosts.join(","));
  return (
    edits && {
      class: "behaviour",
      title: `Let \`${service}\` answer to ${names.join(", ")}`,
      edits,
      touches: [["services", service, "environment", variable], ...touchedPaths(project, edits)],
    }
  );
}
