import type { Label } from "../../core/finding.ts";
import type { Fix } from "../../core/fix.ts";
import type { App, Endpoint } from "../../topology/topology.ts";
import { airflowComponents, servicesRunning } from "../airflow-components.ts";
import { isSince } from "../airflow-releases.ts";
import { airflowSetting, airflowVariableName } from "../airflow-settings.ts";
import { labelAddress } from "../label-address.ts";
import { placeLabels } from "../label-place.ts";
import { replacePart } from "../replace-part.ts";
import { defineRule, type Fault, type Subject } from "../rule.ts";
import { touchedPaths } from "../touched-paths.ts";

const option = ["core", "execution_api_server_url"] as const;

/**
 * From 3.0 on tasks ask the API server for all they need. Its address is `execution_api_server_url`, by default
 * `[api] base_url` with `/execution/`, and that is http://localhost:8080: the container the task runs in.
 */
export const airflowExecutionApiUrl = defineRule({
  id: "airflow-execution-api-url",
  group: "airflow",
  severity: "warning",
  fix: "behaviour",
  summary: "Airflow 3 tasks that look for the API server in their own container",
  hiddenBy: ["unknown-host", "wrong-port", "no-shared-network"],
  *check(subject) {
    for (const app of subject.topology.apps) {
      if (app.product === "airflow" && isSince(app.version, "3.0.0")) yield* judge(subject, app);
    }
  },
});

function* judge(subject: Subject, app: App): Iterable<Fault> {
  const found = airflowComponents(subject, app);
  const [server, ...others] = servicesRunning(found, ["api-server"]);
  if (!found.complete || server === undefined || found.services.has("standalone")) return;
  const runners = servicesRunning(found, found.services.has("worker") ? ["worker"] : ["scheduler"]);
  for (const runner of runners) {
    if (runner === server || others.includes(runner)) continue;
    const wrong = judgeAddress(subject, runner, server);
    if (wrong === undefined) continue;
    const { labels, effective, tells, endpoint } = wrong;
    yield {
      message: `Tasks of \`${runner}\` look for the API server ${tells}, and it runs in \`${server}\``,
      labels: [...labels, placeLabels(subject.project).service(server, "the API server")] as [Label, ...Label[]],
      services: [runner, server],
      evidence: [app.id, effective],
      effective,
      consequence: "httpx.ConnectError: [Errno 111] Connection refused",
      about: [`endpoint ${runner} ${airflowVariableName(...option)}`],
      fix: () => (others.length > 0 ? undefined : planFix(subject, app, endpoint, server)),
    };
  }
}

function judgeAddress(subject: Subject, runner: string, server: string) {
  const { topology, project } = subject;
  const endpoint = topology.endpoints.find((one) => one.service === runner && one.role === "execution-api");
  if (endpoint !== undefined) {
    if (
      endpoint.state.kind === "unknown" ||
      endpoint.target?.kind !== "self" ||
      endpoint.target.services.includes(server)
    )
      return undefined;
    return {
      endpoint,
      effective: endpoint.text.text,
      tells: `at ${endpoint.host ?? "localhost"}, which is its own container`,
      labels: labelAddress(project, endpoint, "host", "the container the task runs in"),
    };
  }
  if (airflowSetting(subject, runner, ...option).kind !== "unset") return undefined;
  const base = airflowSetting(subject, runner, "api", "base_url");
  const written = base.kind === "written" ? base.text.text.trim() : "http://localhost:8080";
  if (base.kind === "unknown" || !/^https?:\/\/(localhost|127\.0\.0\.1)(:|\/|$)/.test(written)) return undefined;
  return {
    endpoint: undefined,
    effective: `${written.replace(/\/$/, "")}/execution/`,
    tells: "at the default address, which is its own container",
    labels: [placeLabels(project).service(runner, `has no ${airflowVariableName(...option)}`)] as const,
  };
}

function planFix(subject: Subject, app: App, endpoint: Endpoint | undefined, server: string): Fix | undefined {
  const { edit, project, topology } = subject;
  const port = topology.listeners.find((one) => one.service === server && one.purpose === "api")?.port ?? 8080;
  const address = `http://${server}:${port}/execution/`;
  const name = airflowVariableName(...option);
  const users = app.services.filter((service) => topology.services[service]?.product === "airflow");
  const edits =
    endpoint === undefined
      ? edit.setEnvironment(users, name, address)
      : replacePart(subject, endpoint, [0, endpoint.text.text.length], address);
  return (
    edits && {
      class: "behaviour",
      title: `Let tasks reach the API server at ${address}`,
      edits,
      touches: [...users.map((service) => ["services", service, "environment", name]), ...touchedPaths(project, edits)],
    }
  );
}
