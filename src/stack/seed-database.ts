import { connectionTarget } from "../engine/connection-target.ts";
import { storeConnection } from "../topology/store-connection.ts";
import type { Connection, ServiceRole } from "../topology/topology.ts";
import type { BringUpContext } from "./bring-up-context.ts";
import { findEmptyDatabase } from "./find-empty-database.ts";
import { migrationTemplate, type TemplateRequest } from "./migration-template.ts";
import { planTemplate, type TemplatePlan } from "./plan-template.ts";

/** What was done to an empty database before the service that makes its tables starts. */
export interface Seed {
  /** The template was loaded, and is all that the service's command would do. */
  readonly replacesJob: boolean;
  /** Keeps the tables as a template when the service has made them: once it has ended well, or is ready. */
  keep(): Promise<void>;
}

/** A service that may fill an empty database, and what its template needs. */
interface Filler extends Pick<
  TemplateRequest,
  "product" | "version" | "environmentKey" | "clients" | "serverMajor" | "target"
> {
  readonly plan: TemplatePlan;
  /** No other product can have made tables in this database: they would come along. */
  readonly isAlone: () => boolean;
}

/**
 * Fills the empty database of a service that is about to make its tables, from the template of another project with the
 * same app, packages, settings and server. Undefined: it makes none, the database has some, or they are not known to be
 * the same everywhere.
 */
export async function seedDatabase(up: BringUpContext, role: ServiceRole): Promise<Seed | undefined> {
  const filler = findFiller(up, role);
  if (filler === undefined) return undefined;
  // Two services of an app that both migrate: the second one finds what the first one did.
  const { host, port, database } = filler.target;
  const place = `${host}:${port}/${database}`;
  const before = up.seeding.get(place) ?? Promise.resolve();
  const seeding = before.catch(() => undefined).then(() => seed(up, role, filler));
  up.seeding.set(place, seeding);
  return seeding;
}

async function seed(up: BringUpContext, role: ServiceRole, filler: Filler): Promise<Seed | undefined> {
  const { home, supply } = up.session;
  const empty = await findEmptyDatabase(home.ports.sql, filler.target);
  if (empty === undefined) return undefined;
  const template = migrationTemplate({
    ...filler,
    io: home.ports,
    cache: supply.cache,
    emit: home.emit,
    signal: up.signal,
    encoding: empty.encoding,
  });
  if (await template.exists()) {
    const state = role.oneShot ? "running" : "starting";
    home.emit({ type: "service", service: role.service, state, detail: "loading a migrated template" });
    if (await template.restore()) {
      return { replacesJob: filler.plan.kind === "alone", keep: async () => undefined };
    }
  }
  return { replacesJob: false, keep: async () => (filler.isAlone() ? template.capture() : undefined) };
}

function findFiller(up: BringUpContext, role: ServiceRole): Filler | undefined {
  const { project, topology } = up.session;
  const { service, product, version } = role;
  const definition = project.services[service];
  const plan = definition === undefined ? undefined : planTemplate(role, definition);
  const connection = storeConnection(topology, service);
  const target = connection === undefined ? undefined : connectionTarget(up.session, up.ports, connection);
  const environmentKey = up.supplies.environments.get(service)?.key;
  const clients = up.supplies.servers.get(connection?.server ?? "")?.clients;
  const serverMajor = topology.servers.find((one) => one.service === connection?.server)?.major;
  if (product === undefined || product === "postgres" || version === undefined || plan === undefined) return undefined;
  if (connection === undefined || connection.schema !== undefined || target === undefined) return undefined;
  if (environmentKey === undefined || clients === undefined || serverMajor === undefined) return undefined;
  const neighbours = topology.connections
    .filter((one) => isSamePlace(one, connection))
    .flatMap((one) => topology.services[one.service] ?? []);
  // A server makes tables only where no job is there to do it.
  if (plan.kind === "start" && neighbours.some(({ component }) => component?.id === "migration")) return undefined;
  const strangers = neighbours.filter((one) => one.product !== product).map((one) => one.service);
  const isAlone = (): boolean =>
    strangers.every((one) => up.watch.status(one) === undefined && !up.started.includes(one));
  return { plan, product, version, environmentKey, clients, serverMajor, target, isAlone };
}

function isSamePlace(one: Connection, other: Connection): boolean {
  return one.server === other.server && databaseOf(one) === databaseOf(other);
}

function databaseOf({ database, user }: Connection): string | undefined {
  return database ?? user;
}
