import { airflowOptions, airflowVariable } from "../catalog/airflow/connections.ts";
import type { TextEdit } from "../core/fix.ts";
import type { EditStep } from "../edit/edit-kit.ts";
import type { DatabaseServer } from "../topology/topology.ts";
import { groupBy } from "../core/group-by.ts";
import type { JudgedConnection } from "./judged-connections.ts";
import { replacePart } from "./replace-part.ts";
import type { Subject } from "./rule.ts";

/** Where an application's connections go. */
export interface NewDatabase {
  readonly host: string;
  readonly port: number;
  /** Name of the database, and of its role where that is new. */
  readonly name: string;
  /** `${MLFLOW_DB_PASSWORD}` of a new role; undefined: on the server that is there, with the login that is written. */
  readonly password: string | undefined;
  /** What has to be ready before: the new server, or the job that makes the database. */
  readonly waitFor: {
    readonly service: string;
    readonly condition: "service_healthy" | "service_completed_successfully";
  };
}

/** Edits as steps, and the model paths they are meant to change. */
export interface Move {
  readonly steps: readonly EditStep[];
  readonly touches: readonly (readonly string[])[];
}

/**
 * Rewrites connections of an application (variables, flags, the argument of `mlflow db upgrade`) and lets its services
 * wait for the new database instead of the old server. Undefined where one of them stands in a file that takes no
 * variable, or a search_path goes with it.
 */
export function moveConnections(
  subject: Subject,
  connections: readonly JudgedConnection[],
  from: DatabaseServer,
  to: NewDatabase,
): Move | undefined {
  if (connections.some(({ schema }) => schema !== undefined)) return undefined;
  const written: TextEdit[] = [];
  const variables = new Map<string, { services: string[]; value: string }>();
  for (const connection of connections) {
    const edits = replaceUrl(subject, connection, to);
    const variable = variableOf(connection);
    if (edits !== undefined) written.push(...edits);
    else if (variable === undefined || to.password === undefined) return undefined;
    else {
      const value = newUrl(connection, to);
      const key = `${variable} ${value}`;
      const { services } = variables.get(key) ?? { services: [] };
      variables.set(key, { services: [...services, connection.service], value });
    }
  }
  const dependencies = moveDependencies(subject, connections, from, to);
  return {
    steps: [
      () => unique(written),
      ...[...variables].map(
        ([key, { services, value }]): EditStep =>
          (kit) =>
            kit.setEnvironment(services, key.split(" ")[0] ?? "", value),
      ),
      ...dependencies.steps,
    ],
    touches: [
      ...dependencies.touches,
      ...[...variables].flatMap(([key, { services }]) =>
        services.map((service) => ["services", service, "environment", key.split(" ")[0] ?? ""]),
      ),
    ],
  };
}

function address({ host, port, name, password }: NewDatabase): string {
  return `${name}:${password}@${host}:${port}/${name}`;
}

function newUrl({ url }: JudgedConnection, to: NewDatabase): string {
  const items = url.queryItems.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join("&");
  return `${url.scheme}://${address(to)}${items === "" ? "" : `?${items}`}`;
}

/** Scheme and query stay; all but the database does where the login stays. */
function replaceUrl(subject: Subject, connection: JudgedConnection, to: NewDatabase): readonly TextEdit[] | undefined {
  const { spans, scheme } = connection.url;
  if (to.password === undefined)
    return spans.database && replacePart(subject, connection, spans.database, to.name, "interpolated");
  const start = (spans.scheme?.[1] ?? scheme.length) + "://".length;
  const end = spans.database?.[1] ?? (spans.query === undefined ? connection.text.text.length : spans.query[0] - 1);
  return (
    replacePart(subject, connection, [start, end], address(to), "interpolated") ??
    replacePart(subject, connection, [0, connection.text.text.length], newUrl(connection, to), "interpolated")
  );
}

/** The variable of Compose that beats the file a connection is written in. */
function variableOf({ via, writtenIn, role }: JudgedConnection): string | undefined {
  if (via === "environment") return writtenIn;
  if (via !== "file") return undefined;
  const option = airflowOptions.find((one) => one.role === role && (role === "metadata" || role === "async"));
  return option && airflowVariable(option);
}

/** Who waited for the old server waits for the new database; who waited for nothing does so too. */
function moveDependencies(
  { project, topology }: Subject,
  moved: readonly JudgedConnection[],
  from: DatabaseServer,
  { waitFor }: NewDatabase,
): Move {
  const users = [...new Set(moved.map(({ service }) => service))];
  const keeps = (service: string) =>
    topology.connections.some(
      (one) => one.service === service && one.server === from.service && !moved.includes(one as JudgedConnection),
    );
  const isDirect = (service: string) => from.service in (project.services[service]?.depends_on ?? {});
  const direct = users.filter(isDirect);
  const waiting = users.filter((service) => isDirect(service) || !waitsForOneOf(service, direct));
  const left = waitFor.service === from.service ? [] : direct.filter((service) => !keeps(service));
  const isOnServer = waitFor.condition === "service_completed_successfully";
  return {
    steps: [
      (kit) => (waiting.length === 0 ? [] : kit.setDependency(waiting, waitFor.service, waitFor.condition)),
      (kit) => (isOnServer || left.length === 0 ? [] : kit.removeDependency(left, from.service)),
    ],
    touches: waiting.map((service) => ["services", service, "depends_on"]),
  };

  function waitsForOneOf(service: string, others: readonly string[], seen: readonly string[] = []): boolean {
    const next = Object.keys(project.services[service]?.depends_on ?? {});
    return next.some(
      (name) => others.includes(name) || (!seen.includes(name) && waitsForOneOf(name, others, [...seen, name])),
    );
  }
}

function unique(edits: readonly TextEdit[]): readonly TextEdit[] {
  return [...groupBy(edits, (edit) => JSON.stringify(edit)).values()].map(([edit]) => edit);
}
