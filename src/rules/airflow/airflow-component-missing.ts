import type { Fix } from "../../core/fix.ts";
import type { EditStep } from "../../edit/edit-kit.ts";
import type { App } from "../../topology/topology.ts";
import { airflowComponents, servicesRunning, type AirflowComponents } from "../airflow-components.ts";
import { metadataOf, migrationsOf } from "../airflow-migrations.ts";
import { isSince } from "../airflow-releases.ts";
import { placeLabels } from "../label-place.ts";
import { hasHealthcheck } from "../has-healthcheck.ts";
import { planHealthcheck } from "../plan-healthcheck.ts";
import { defineRule, type Subject } from "../rule.ts";
import { startsAfter } from "../waits-for.ts";

/**
 * No task runs without a scheduler. From 3.0 on DAG files are read by the dag-processor alone (before, the scheduler reads
 * them unless `standalone_dag_processor` is set).
 */
export const airflowComponentMissing = defineRule({
  id: "airflow-component-missing",
  group: "airflow",
  severity: "warning",
  fix: "behaviour",
  summary: "An Airflow without a scheduler, or from 3.0 on without a dag-processor",
  *check(subject) {
    for (const app of subject.topology.apps) if (app.product === "airflow") yield* judge(subject, app);
  },
});

function* judge(subject: Subject, app: App) {
  const found = airflowComponents(subject, app);
  if (!found.complete || found.services.has("standalone")) return;
  const [model] = servicesRunning(found, ["scheduler", "webserver", "api-server", "worker", "triggerer"]);
  const connection = model === undefined ? undefined : metadataOf(subject.topology, model);
  // On a server of somebody else the other components may run elsewhere too.
  if (model === undefined || connection?.server === undefined) return;
  for (const missing of wantedComponents(subject, app, model)) {
    if (found.services.has(missing)) continue;
    const labels = placeLabels(subject.project);
    const disabled = disabledRunner(subject, missing);
    const consequence =
      missing === "scheduler"
        ? "The scheduler does not appear to be running. The DAGs list may not update, and new tasks will not be scheduled"
        : undefined;
    yield {
      message:
        disabled === undefined
          ? `Nothing runs the ${missing} of Airflow ${app.version}`
          : `Only \`${disabled}\` runs the ${missing} of Airflow ${app.version}, and none of its profiles is active`,
      labels: [labels.service(model, `a part of Airflow, and there is no ${missing}`)] as const,
      services: app.services,
      evidence: [app.id, missing],
      ...(consequence === undefined ? {} : { consequence }),
      notes: [missing === "scheduler" ? "No task of any DAG ever starts" : "No DAG file is ever read"],
      about: [`component ${app.id} ${missing}`],
      fix: () => (disabled === undefined ? planFix(subject, app, found, missing) : undefined),
    };
  }
}

function wantedComponents({ topology }: Subject, app: App, model: string): readonly string[] {
  const setting = topology.services[model]?.environment["AIRFLOW__SCHEDULER__STANDALONE_DAG_PROCESSOR"];
  const isApart = isSince(app.version, "3.0.0") || /^(true|t|1)$/i.test(setting ?? "");
  return isApart ? ["scheduler", "dag-processor"] : ["scheduler"];
}

function disabledRunner({ project }: Subject, missing: string): string | undefined {
  return Object.entries(project.disabledServices).find(([, { command, entrypoint }]) =>
    [...(entrypoint ?? []), ...(command ?? [])].some((word) => word.split(/\s+/).includes(missing)),
  )?.[0];
}

/** A service like one that is there: its image, environment, volumes and networks, and a command of its own. */
function planFix(subject: Subject, app: App, found: AirflowComponents, missing: string): Fix | undefined {
  const { edit, project, topology } = subject;
  const models = servicesRunning(found, [
    "scheduler",
    "triggerer",
    "dag-processor",
    "api-server",
    "webserver",
    "worker",
  ]);
  const migrates = (service: string) => topology.migrations.some((one) => one.service === service);
  const model = models.find((service) => !migrates(service)) ?? models[0];
  const role = model === undefined ? undefined : topology.services[model];
  const service = model === undefined ? undefined : project.services[model];
  const installs = topology.invocations.some((one) => one.service === model && /^pip3?$/.test(one.program));
  // The official entry point is what makes a command of one word a part of Airflow.
  if (model === undefined || service === undefined || service.entrypoint != null || installs) return undefined;
  if (role?.base?.product !== "airflow" || role.dockerfile?.entrypoint !== undefined) return undefined;
  const name = edit.freeName("services", nameLike(model, found, missing));
  const variable = ["_AIRFLOW_DB_MIGRATE", "_AIRFLOW_DB_UPGRADE", "_AIRFLOW_WWW_USER_CREATE"].filter(
    (one) => one in service.environment,
  );
  const wait = migrates(model) ? planWaitFor(subject, app, model) : [];
  if (wait === undefined) return undefined;
  const without = ["ports", "expose", "container_name", "hostname", "healthcheck", "labels"];
  const edits = edit.sequence([
    (kit) => kit.copyService(model, { as: name, without, set: { command: missing } }),
    ...variable.map(
      (one): EditStep =>
        (kit) =>
          kit.removeEnvironment(name, one) ?? kit.setEnvironment(name, one, ""),
    ),
    ...wait.map((step) => step(name)),
  ]);
  return (
    edits && {
      class: "behaviour",
      title: `Run Airflow's ${missing} as \`${name}\`, like \`${model}\``,
      edits,
      touches: [
        ["services", name],
        ["services", model, "healthcheck"],
      ],
      copies: { [name]: model },
      // What components have to share shows only where there are several.
      reveals: [...app.services, name],
    }
  );
}

/** `airflow-webserver` leads to `airflow-scheduler`, `web` to `airflow-scheduler`. */
function nameLike(model: string, found: AirflowComponents, missing: string): string {
  const own = [...found.services.keys()].find((id) => model.includes(id));
  return own === undefined ? `airflow-${missing}` : model.replace(own, missing);
}

/** The model migrates by itself when it starts: its health tells that it has. */
function planWaitFor(subject: Subject, app: App, model: string): readonly ((name: string) => EditStep)[] | undefined {
  const { topology, project } = subject;
  const connection = metadataOf(topology, model);
  const job = (connection === undefined ? [] : migrationsOf(topology, connection)).find(
    ({ service }) => service !== model && app.services.includes(service) && startsAfter(project, model, service),
  );
  if (job !== undefined) return [];
  const health = hasHealthcheck(subject, model);
  if (health === "unknown") return undefined;
  const check = health ? undefined : planHealthcheck(subject, model);
  if (!health && check === undefined) return undefined;
  return [
    ...(check === undefined ? [] : [() => (kit: Subject["edit"]) => kit.setServiceKey(model, ["healthcheck"], check)]),
    (name) => (kit) => kit.setDependency(name, model, "service_healthy"),
  ];
}
