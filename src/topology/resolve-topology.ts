import type { Project, Service } from "../compose/project.ts";
import type { Sources } from "../ports/sources.ts";
import { serviceAt, type FoundConnection } from "./build-connection.ts";
import { findConnections } from "./find-connections.ts";
import { findEndpoints } from "./find-endpoints.ts";
import { findListeners } from "./find-listeners.ts";
import { findMigrations } from "./find-migrations.ts";
import { findWaits } from "./find-waits.ts";
import { groupApps } from "./group-apps.ts";
import { resolveServers } from "./resolve-server.ts";
import { resolveServiceRole } from "./resolve-service-role.ts";
import { viewService } from "./service-view.ts";
import type { App, Connection, ServiceRole, Topology } from "./topology.ts";

/**
 * The topology of a loaded project. Reads Dockerfiles, scripts, configuration and requirement files, init scripts and
 * `POSTGRES_*_FILE` secrets through `sources`; never throws for what it does not know.
 */
export function resolveTopology(project: Project, sources: Sources): Topology {
  const services: Record<string, ServiceRole> = {};
  const awaited = new Set(Object.values(project.services).flatMap(listAwaited));
  const views = Object.entries(project.services).map(([name, service]) => {
    const role = resolveServiceRole(name, service, sources, awaited.has(name));
    services[name] = role;
    return viewService(project, role, service, sources);
  });
  const found = views.flatMap((view) => findConnections(project, view));
  const servers = resolveServers(project, views, awaited);
  const names = new Set(servers.map(({ service }) => service));
  const serverOf = (one: FoundConnection): string | undefined => serviceAt(project, one.target, one.port, names);
  const apps = groupApps(
    views,
    found,
    (one) => `${one.dialect} ${serverOf(one) ?? `${one.host}:${one.port}`}/${one.database ?? one.user}?${one.schema}`,
  );
  const complete = ({ product, ...one }: FoundConnection): Connection => ({
    ...one,
    app: appOf(apps, product, one.service),
    server: serverOf({ ...one, product }),
    shadows: one.shadows.map(complete),
  });
  const connections = found.map(complete);
  return {
    services,
    servers,
    apps,
    connections,
    endpoints: views.flatMap((view) => findEndpoints(project, view, apps)),
    invocations: views.flatMap((view) => view.command.invocations),
    migrations: views.flatMap((view) => findMigrations(view, apps, connections)),
    waits: views.flatMap(findWaits),
    listeners: views.flatMap(findListeners),
  };
}

/** Services whose end this one waits for. */
function listAwaited(service: Service): readonly string[] {
  return Object.entries(service.depends_on).flatMap(([name, { condition }]) =>
    condition === "service_completed_successfully" ? [name] : [],
  );
}

function appOf(apps: readonly App[], product: App["product"], service: string): string | undefined {
  return apps.find((app) => app.product === product && app.services.includes(service))?.id;
}
