import { airflowReleases } from "./airflow-releases.ts";
import type { App } from "../topology/topology.ts";
import type { Subject } from "./rule.ts";

/** Services of an Airflow app by the long-running component they run: `scheduler`, `webserver`, `worker`. */
export interface AirflowComponents {
  readonly services: ReadonlyMap<string, readonly string[]>;
  /** False: a program that could start more could not be read, so absence proves nothing. */
  readonly complete: boolean;
}

const longRunning = new Set([
  "webserver",
  "api-server",
  "scheduler",
  "dag-processor",
  "triggerer",
  "worker",
  "standalone",
]);

/** Programs beside Airflow that start no component of it. */
const harmless = new Set(
  "bash sh echo exec sleep export cd mkdir chown chmod pip python python3 set nc curl wget pg_isready psql true test [ cat cp rm ln".split(
    " ",
  ),
);

/** What runs Airflow's parts in this app: every program of a command counts, not only the last one. */
export function airflowComponents({ topology, project }: Subject, app: App): AirflowComponents {
  const services = new Map<string, readonly string[]>();
  let complete = airflowReleases.test(app.version);
  for (const service of app.services) {
    const role = topology.services[service];
    // What ends is no part that runs, whatever its script does.
    if (role?.oneShot === true) continue;
    const own = topology.invocations.filter((one) => one.service === service);
    if (role?.product === "airflow" && (project.services[service]?.incomplete?.length ?? 0) > 0) complete = false;
    if (role?.product === "airflow" && own.length === 0) complete = false;
    for (const { program, component, product, words } of own) {
      if (product === undefined && !harmless.has(program)) complete = false;
      if (/^python3?$/.test(program) && !words.some(({ text }) => text === "-c")) complete = false;
      if (product !== "airflow" || component === undefined || !longRunning.has(component.id)) continue;
      services.set(component.id, [...new Set([...(services.get(component.id) ?? []), service])]);
    }
  }
  // A service of an unknown image may be any part of Airflow.
  const foreign = Object.values(topology.services).some(
    ({ service, product, environment }) =>
      product === undefined &&
      (Object.keys(environment).some((name) => name.startsWith("AIRFLOW__")) || /airflow/i.test(service)),
  );
  return { services, complete: complete && !foreign };
}

/** The services that run one of some components, in the order of the project. */
export function servicesRunning({ services }: AirflowComponents, ids: readonly string[]): readonly string[] {
  return [...new Set(ids.flatMap((id) => services.get(id) ?? []))];
}
