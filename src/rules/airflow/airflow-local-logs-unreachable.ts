import type { Fix } from "../../core/fix.ts";
import type { App } from "../../topology/topology.ts";
import { airflowComponents, servicesRunning } from "../airflow-components.ts";
import { logFolderOf, logKeyOf, type LogFolder } from "../airflow-logs.ts";
import { airflowSetting, airflowVariableName } from "../airflow-settings.ts";
import { airflowReleases, isSince } from "../airflow-releases.ts";
import { placeLabels } from "../label-place.ts";
import { defineRule, type Fault, type Subject } from "../rule.ts";

/**
 * The UI reads a task's log from disk, else from the log server of the container that ran it, which answers only requests
 * that are signed with its own secret key (airflow/utils/serve_logs.py).
 */
export const airflowLocalLogsUnreachable = defineRule({
  id: "airflow-local-logs-unreachable",
  group: "airflow",
  severity: "warning",
  fix: "behaviour",
  summary: "Task logs that Airflow's UI cannot show, or that end with their container",
  *check(subject) {
    for (const app of subject.topology.apps) if (app.product === "airflow") yield* judge(subject, app);
  },
});

function* judge(subject: Subject, app: App): Iterable<Fault> {
  const found = airflowComponents(subject, app);
  if (!found.complete || found.services.has("standalone")) return;
  const executor = subject.topology.services[app.services[0] ?? ""]?.environment["AIRFLOW__CORE__EXECUTOR"] ?? "";
  // Pods of Kubernetes keep their logs elsewhere.
  if (/Kubernetes|Edge|Ecs|Batch/.test(executor)) return;
  const runners = servicesRunning(found, found.services.has("worker") ? ["worker"] : ["scheduler"]);
  const [reader] = servicesRunning(found, ["webserver", "api-server"]);
  const [runner] = runners.filter((service) => service !== reader);
  if (runner === undefined || reader === undefined || runners.includes(reader)) return;
  const [written, read] = [logFolderOf(subject, runner), logFolderOf(subject, reader)];
  if (written === undefined || read === undefined) return;
  if (written.place !== undefined && written.place === read.place) return;
  const { section, key } = logKeyOf(app.version);
  const keys = [runner, reader].map((service) => airflowSetting(subject, service, section, key));
  if (keys.some(({ kind }) => kind === "unknown")) return;
  const [first, second] = keys;
  const isSigned = first?.kind === "written" && second?.kind === "written" && first.text.text === second.text.text;
  const isMisread = isSigned && mayMisreadHost(subject, app, runner);
  if (isSigned && written.isKept && !isMisread) return;
  const labels = placeLabels(subject.project);
  const access = !isSigned ? "refused" : isMisread ? "misread" : "short-lived";
  yield {
    ...tell(access, { runner, reader, version: app.version, variable: airflowVariableName(section, key) }),
    labels: [labels.service(runner, "runs tasks and writes their logs"), labels.service(reader, "shows them")],
    services: [runner, reader],
    evidence: [app.id, runner, reader],
    about: [`logs ${app.id}`],
    fix: () => planFix(subject, app, [written, read]),
  };
}

/** What becomes of a log that lies in the container of `runner`. */
function tell(
  access: "refused" | "misread" | "short-lived",
  {
    runner,
    reader,
    version,
    variable,
  }: { readonly runner: string; readonly reader: string; readonly version: string; readonly variable: string },
): Pick<Fault, "message" | "severity" | "consequence" | "notes"> {
  switch (access) {
    case "refused":
      return {
        message: `\`${reader}\` cannot read the task logs of \`${runner}\`: they share neither a log folder nor ${variable}`,
        consequence: refusal(version),
      };
    case "misread":
      return {
        message: `\`${reader}\` cannot read the task logs of \`${runner}\` where its container's id looks like an address`,
        consequence: "Could not read served logs: Invalid IPv4 address: '029a5d3388b8'",
        notes: [
          `Airflow ${version} asks the container by its id, and one id in nine is refused; a \`hostname\` of \`${runner}\` is asked instead`,
        ],
      };
    case "short-lived":
      return {
        message: `Task logs lie in the container of \`${runner}\` only, and end with it`,
        severity: "info",
        notes: ["After `docker compose down`, or a new container, the logs of earlier runs are gone"],
      };
  }
}

/**
 * httpx 0.24.0 to 0.25.0, the newest when Airflow 2.6.0 to 2.7.2 were released, takes digits, any character, digits and so on
 * three times for an IPv4 address: 11.5 % of the ids that a container's host name is made of (measured with 0.24.1, 20,000
 * names).
 */
function mayMisreadHost(subject: Subject, { version }: App, runner: string): boolean {
  const { hostname, network_mode: mode } = subject.project.services[runner] ?? {};
  const isAffected = airflowReleases.test(version) && isSince(version, "2.6.0") && !isSince(version, "2.7.3");
  const named = airflowSetting(subject, runner, "core", "hostname_callable");
  return isAffected && hostname === undefined && mode === undefined && named.kind === "unset";
}

/** What the UI shows in place of the log (file_task_handler.py of 2.7.0 and 3.3.2). */
function refusal(version: string): string {
  const [names, section] = isSince(version, "3.0.0")
    ? ["schedulers, api-servers, dag-processors, workers and triggerer", "in '[api]' section"]
    : ["schedulers, webservers, workers and triggerer", "in 'webserver' section"];
  return `!!!! Please make sure that all your Airflow components (e.g. ${names}) have the same 'secret_key' configured ${section}`;
}

/** One volume for the log folders of all components. */
function planFix(
  { edit, project, topology }: Subject,
  app: App,
  [written, read]: readonly [LogFolder, LogFolder],
): Fix | undefined {
  const users = app.services.filter((service) => topology.services[service]?.product === "airflow");
  // A folder that is mounted in one of them is somebody's choice.
  if (written.place !== undefined || read.place !== undefined || written.path !== read.path) return undefined;
  const names = Object.keys(project.volumes);
  const separator = names.some((name) => name.includes("_")) && !names.some((name) => name.includes("-")) ? "_" : "-";
  const volume = edit.freeName("volumes", `airflow${separator}logs`);
  const edits = edit.sequence([
    (kit) => kit.appendServiceItem(users, "volumes", `${volume}:${written.path}`),
    (kit) => kit.addEntry("volumes", volume, null),
  ]);
  return (
    edits && {
      class: "behaviour",
      title: `Keep the logs of ${users.map((one) => `\`${one}\``).join(", ")} in the volume ${volume}`,
      edits,
      touches: [...users.map((one) => ["services", one, "volumes"]), ["volumes", volume]],
    }
  );
}
