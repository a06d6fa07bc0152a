import { airflowConnections } from "../catalog/airflow/connections.ts";
import { mlflowConnections } from "../catalog/mlflow/connections.ts";
import { parsePostgresMajor } from "../catalog/postgres/image.ts";
import type { Project, Service } from "../compose/project.ts";
import type { Sources } from "../ports/sources.ts";
import { parseDatabaseUrl } from "./parse-database-url.ts";
import { resolveHost } from "./resolve-host.ts";
import { commandLines, resolveServiceRole } from "./resolve-service-role.ts";
import { traceValue } from "./traced-text.ts";
import type { App, Connection, DatabaseServer, ServiceRole, Topology } from "./topology.ts";

/**
 * The topology of a loaded project. Reads Dockerfiles, requirement files and `POSTGRES_*_FILE` secrets through
 * `sources`; never throws for what it does not know.
 */
export function resolveTopology(project: Project, sources: Sources): Topology {
  const services: Record<string, ServiceRole> = {};
  const awaited = new Set(Object.values(project.services).flatMap(listAwaited));
  for (const [name, service] of Object.entries(project.services))
    services[name] = resolveServiceRole(name, service, sources, awaited.has(name));
  const roles = Object.values(services);
  const servers = roles.flatMap((role) => resolveServer(role, project, sources));
  const found = roles.flatMap((role) => findConnections(role, project));
  const apps = groupApps(roles, found);
  const appOf = new Map(apps.flatMap((app) => app.services.map((service) => [service, app.id] as const)));
  return {
    services,
    servers,
    apps,
    connections: found.map((one) => ({ ...one, app: appOf.get(one.service) })),
    endpoints: [],
    invocations: [],
    migrations: [],
    waits: [],
    listeners: [],
  };
}

/** Services whose successful end this one waits for. */
function listAwaited(service: Service): readonly string[] {
  return Object.entries(service.depends_on).flatMap(([name, { condition }]) =>
    condition === "service_completed_successfully" ? [name] : [],
  );
}

function resolveServer(role: ServiceRole, project: Project, sources: Sources): DatabaseServer[] {
  const major = role.product === "postgres" ? parsePostgresMajor(role.version ?? "") : undefined;
  if (major === undefined) return [];
  const read = (name: string): string | undefined => {
    const direct = role.environment[name];
    if (direct !== undefined && direct !== "") return direct;
    const path = role.environment[`${name}_FILE`];
    return path === undefined ? undefined : readMounted(path, project.services[role.service], project, sources);
  };
  const superuser = read("POSTGRES_USER") ?? "postgres";
  const method = role.environment["POSTGRES_HOST_AUTH_METHOD"];
  return [
    {
      service: role.service,
      major,
      superuser,
      password: read("POSTGRES_PASSWORD"),
      passwordIn: describePasswordPlace(role, project),
      database: read("POSTGRES_DB") ?? superuser,
      authMethod: method === "trust" || method === "md5" ? method : "scram-sha-256",
      port: 5432,
      databases: [],
      roles: [],
      grants: [],
      schemas: [],
      complete: false,
      gaps: ["its init scripts were not read"],
      initScripts: [],
    },
  ];
}

/** Where a person finds the server's password: the variable in `.env`, or the key in the Compose file. */
function describePasswordPlace(role: ServiceRole, project: Project): string | undefined {
  if (role.environment["POSTGRES_PASSWORD_FILE"] !== undefined) return role.environment["POSTGRES_PASSWORD_FILE"];
  const origin = project.origins.at(["services", role.service, "environment", "POSTGRES_PASSWORD"]);
  const link = origin?.chain.find((one) => one.step === "dotenv" || one.step === "env-file") ?? origin?.chain[0];
  const file = link?.span?.file.split("/").at(-1);
  if (file === undefined) return undefined;
  return link?.variable === undefined ? `POSTGRES_PASSWORD in ${file}` : `${link.variable} in ${file}`;
}

function readMounted(
  path: string,
  service: Service | undefined,
  project: Project,
  sources: Sources,
): string | undefined {
  const mount = service?.secrets.find((secret) => secret.target === path);
  const secret = mount === undefined ? undefined : project.secrets[mount.source];
  const raw =
    secret?.value ?? secret?.content ?? (secret?.file === undefined ? undefined : readText(secret.file, sources));
  return raw?.replace(/\r?\n$/, "");
}

function readText(path: string, sources: Sources): string | undefined {
  const read = sources.read(path);
  return read.kind === "file" ? new TextDecoder().decode(read.bytes) : undefined;
}

type FoundConnection = Omit<Connection, "app">;

/** The effective connection of each role a product has; where several places give one, the first by precedence. */
function findConnections(role: ServiceRole, project: Project): FoundConnection[] {
  if (role.product !== "airflow" && role.product !== "mlflow") return [];
  const places = role.product === "airflow" ? airflowConnections : mlflowConnections;
  const byRole = new Map<string, { precedence: number; connection: FoundConnection }>();
  for (const place of places) {
    const text = place.variable === undefined ? readFlag(role, place.flag ?? "") : role.environment[place.variable];
    const url = text === undefined ? undefined : parseDatabaseUrl(text);
    if (text === undefined || url === undefined) continue;
    const seen = byRole.get(place.role);
    if (seen !== undefined && seen.precedence <= place.precedence) continue;
    const target = url.host === undefined ? undefined : resolveHost(project, role.service, url.host);
    byRole.set(place.role, {
      precedence: place.precedence,
      connection: {
        service: role.service,
        role: place.role,
        writtenIn: place.variable ?? place.flag ?? "",
        via: place.variable === undefined ? "command" : "environment",
        text: traceValue(text, [
          "services",
          role.service,
          ...(place.variable === undefined ? ["command"] : ["environment", place.variable]),
        ]),
        state: { kind: "known" },
        url,
        target,
        dialect: url.dialect,
        host: url.host,
        port: url.port ?? 5432,
        user: url.user ?? role.environment["PGUSER"],
        password: url.password ?? role.environment["PGPASSWORD"],
        database: url.database,
        schema: /search_path(?:=|%3D)(\w+)/i.exec(url.query["options"] ?? "")?.[1],
        server: target?.kind === "service" ? target.service : undefined,
        shadows: [],
      },
    });
  }
  return [...byRole.values()].map((one) => one.connection);
}

function readFlag(role: ServiceRole, flag: string): string | undefined {
  for (const words of commandLines(role.argv)) {
    const at = words.indexOf(flag);
    if (at >= 0) return words[at + 1];
    const joined = words.find((word) => word.startsWith(`${flag}=`));
    if (joined !== undefined) return joined.slice(flag.length + 1);
  }
  return undefined;
}

/** Services of one product form one app per metadata database (or per product, where none is named). */
function groupApps(roles: readonly ServiceRole[], connections: readonly FoundConnection[]): App[] {
  const apps: { -readonly [K in keyof App]: App[K] extends readonly string[] ? string[] : App[K] }[] = [];
  const keys: string[] = [];
  for (const role of roles) {
    if (role.product !== "airflow" && role.product !== "mlflow") continue;
    const connection = connections.find((one) => one.service === role.service && one.role === "metadata");
    const key = `${role.product} ${connection === undefined ? "" : `${connection.host}:${connection.port}/${connection.database}?${connection.schema}`}`;
    const at = keys.indexOf(key);
    const app = apps[at];
    if (app !== undefined) app.services.push(role.service);
    else {
      const before = apps.filter((one) => one.product === role.product).length;
      keys.push(key);
      apps.push({
        id: before === 0 ? role.product : `${role.product}-${before + 1}`,
        product: role.product,
        version: role.version ?? "",
        services: [role.service],
      });
    }
  }
  return apps;
}
