import { join } from "node:path";

import { connectionTarget } from "../engine/native/native-session.ts";
import type { UnitSpec } from "../engine/native/unit.ts";
import type { SqlTarget } from "../ports/sql.ts";
import { probeVersionRow } from "../probe/probe-version-row.ts";
import type { PostgresClients, PythonEnvironment } from "../supply/supply.ts";
import type { Connection, ServiceRole, Topology } from "../topology/topology.ts";
import type { BringUpContext } from "./bring-up-context.ts";
import { findEmptyDatabase } from "./find-empty-database.ts";
import { migrationTemplate, type MigrationTemplate } from "./migration-template.ts";
import { planTemplate, type TemplatePlan } from "./plan-template.ts";

/** What was done to an empty database before the service that makes its tables starts. */
export interface Seed {
  /** The template was loaded, and is all that the service's command would do. */
  readonly replacesJob: boolean;
  /** Keeps the tables as a template when the service has made them: once it has ended well, or is ready. */
  keep(): Promise<void>;
}

interface Fillable {
  readonly plan: TemplatePlan;
  readonly connection: Connection;
  readonly environment: PythonEnvironment;
  readonly clients: PostgresClients;
  readonly serverMajor: number;
  readonly target: SqlTarget;
}

/**
 * Fills the empty database of a service that is about to make its tables, from the template of another project. Without
 * one, tables are migrated here first where other work follows in the same command, because only then they are as every
 * project's; a failure of that is not told: the command runs as written next and tells it. Undefined: nothing to do.
 */
export async function seedDatabase(up: BringUpContext, role: ServiceRole, spec: UnitSpec): Promise<Seed | undefined> {
  const found = findFillable(up, role);
  if (found === undefined) return undefined;
  // Two services of an app that both migrate: the second one finds what the first one did.
  const { host, port, database } = found.target;
  const place = `${host}:${port}/${database}`;
  const before = up.seeding.get(place);
  const seeding = Promise.resolve(before)
    .catch(() => undefined)
    .then(() => seed(up, role, spec, found));
  up.seeding.set(place, seeding);
  return seeding;
}

async function seed(up: BringUpContext, role: ServiceRole, spec: UnitSpec, found: Fillable): Promise<Seed | undefined> {
  const { session, signal } = up;
  const { service, product, version } = role;
  const { plan, environment, target } = found;
  const empty = await findEmptyDatabase(session.home.ports.sql, target);
  if (empty === undefined || version === undefined || product === undefined || product === "postgres") return undefined;
  const template = migrationTemplate({
    ...found,
    io: session.home.ports,
    cache: session.supply.cache,
    emit: session.home.emit,
    signal,
    product,
    version,
    environmentKey: environment.key,
    encoding: empty.encoding,
  });
  const say = (detail: string): void =>
    session.home.emit({ type: "service", service, state: role.oneShot ? "running" : "starting", detail });
  const done = { replacesJob: false, keep: async () => undefined };
  if (await template.exists()) {
    say("loading a migrated template");
    if (await template.restore()) return { ...done, replacesJob: plan.kind === "alone" };
  }
  // Another product's tables would come along.
  if (!isAlone(session.topology, role, found.connection)) return done;
  if (plan.kind !== "first") return { ...done, keep: () => template.capture() };
  say("migrating");
  up.waiting.set(service, "its migration");
  await migrate(up, spec, found, template);
  return done;
}

/** Runs the migration by itself, as the unit would run it, and keeps its tables when they are at the installed head. */
async function migrate(
  up: BringUpContext,
  spec: UnitSpec,
  { plan, environment, target }: Fillable,
  template: MigrationTemplate,
): Promise<void> {
  const { sql, processes } = up.session.home.ports;
  const [program, ...words] = plan.command;
  const result = await processes.run({
    argv: [join(environment.directory, "bin", program), ...words],
    env: spec.env,
    cwd: spec.cwd,
    ...(spec.owner === undefined ? {} : { owner: spec.owner }),
    signal: up.signal,
  });
  up.signal.throwIfAborted();
  const chain = environment.alembic.find((one) => one.versionTable === "alembic_version");
  if (result.exitCode !== 0 || chain === undefined) return;
  if ((await probeVersionRow(sql, target, chain)).state === "fine") await template.capture();
}

/** The service's plan with all it needs, or undefined when one of them is missing or another service migrates. */
function findFillable(up: BringUpContext, role: ServiceRole): Fillable | undefined {
  const { session, supplies, ports } = up;
  const { connections, servers, services } = session.topology;
  const definition = session.project.services[role.service];
  const plan = definition === undefined ? undefined : planTemplate(role, definition);
  const connection = connections.find((one) => one.service === role.service && one.role === "metadata");
  if (plan === undefined || connection === undefined || connection.schema !== undefined) return undefined;
  const isMigratedElsewhere =
    plan.kind === "start" &&
    connections.some((one) => isSamePlace(one, connection) && services[one.service]?.component?.id === "migration");
  const target = connectionTarget(session, ports, connection);
  const environment = supplies.environments.get(role.service);
  const clients = supplies.servers.get(connection.server ?? "")?.clients;
  const server = servers.find((one) => one.service === connection.server);
  return isMigratedElsewhere ||
    target === undefined ||
    environment === undefined ||
    clients === undefined ||
    server === undefined
    ? undefined
    : { plan, connection, environment, clients, serverMajor: server.major, target };
}

/** No service of another product has its tables in the same database. */
function isAlone({ connections, services }: Topology, role: ServiceRole, connection: Connection): boolean {
  return connections.every((one) => !isSamePlace(one, connection) || services[one.service]?.product === role.product);
}

function isSamePlace(one: Connection, other: Connection): boolean {
  return one.server === other.server && databaseOf(one) === databaseOf(other);
}

function databaseOf({ database, user }: Connection): string | undefined {
  return database ?? user;
}
