import type { ProductId } from "../catalog/product.ts";
import type { Project } from "../compose/project.ts";
import type { AddressCandidate } from "./address-candidate.ts";
import { parseDatabaseUrl, type DatabaseUrl } from "./parse-database-url.ts";
import { readStateOf } from "./read-state.ts";
import { resolveHost, type HostResolution } from "./resolve-host.ts";
import type { Connection } from "./topology.ts";
import type { TracedText } from "./traced-text.ts";

/** What a connection is made with. */
export interface ConnectionRequest {
  readonly project: Project;
  readonly service: string;
  readonly product: Exclude<ProductId, "postgres">;
  readonly role: Connection["role"];
  /** Variables of the program that reads it: libpq fills gaps from PG*. */
  readonly variables: ReadonlyMap<string, TracedText>;
}

/** A connection before it is known which app it belongs to and which services are servers. */
export type FoundConnection = Omit<Connection, "app" | "server" | "shadows"> & {
  readonly product: Exclude<ProductId, "postgres">;
  readonly shadows: readonly FoundConnection[];
};

/** The connection of the first candidate, the others as its shadows (a default is no shadow). */
export function buildConnection(
  request: ConnectionRequest,
  candidates: readonly AddressCandidate[],
): FoundConnection | undefined {
  const [winner, ...rest] = candidates;
  if (winner === undefined) return undefined;
  const shadows = rest.filter((one) => one.via !== "default").map((one) => buildOne(request, one, []));
  return buildOne(request, winner, shadows);
}

function buildOne(
  { project, service, product, role, variables }: ConnectionRequest,
  { text, writtenIn, via, reason }: AddressCandidate,
  shadows: readonly FoundConnection[],
): FoundConnection {
  const parsed = reason === undefined ? parseDatabaseUrl(text.text) : undefined;
  const state = reason === undefined ? readStateOf(project, text, parsed) : ({ kind: "unknown", reason } as const);
  const url = state.kind === "known" ? parsed : undefined;
  const given = (name: string): string | undefined => {
    const value = url?.dialect.startsWith("postgres") === true ? variables.get(name)?.text : undefined;
    return value === "" ? undefined : value;
  };
  const host = url?.host ?? hostOfQuery(url) ?? given("PGHOST");
  const isSocket = host?.startsWith("/") === true;
  return {
    service,
    product,
    role,
    writtenIn,
    via,
    text,
    state,
    url,
    target: host === undefined || isSocket ? undefined : resolveHost(project, service, host),
    dialect: url?.dialect ?? (state.kind === "known" && /^[./~]/.test(text.text) ? "file" : ""),
    host: isSocket ? undefined : host,
    port: url?.port ?? portOf(given("PGPORT")) ?? 5432,
    user: url?.user ?? given("PGUSER"),
    password: url?.password ?? given("PGPASSWORD"),
    database: url?.database ?? given("PGDATABASE"),
    schema: /search_path(?:=|%3D)(\w+)/i.exec(url?.query["options"] ?? given("PGOPTIONS") ?? "")?.[1],
    shadows,
  };
}

/** `?host=db` or `?host=/dir`; a port may follow (SQLAlchemy's psycopg dialects). */
function hostOfQuery(url: DatabaseUrl | undefined): string | undefined {
  const written = url?.query["host"];
  return written?.startsWith("/") === true ? written : written?.replace(/:\d+$/, "");
}

function portOf(text: string | undefined): number | undefined {
  return text === undefined || !/^\d+$/.test(text) ? undefined : Number(text);
}

/** The service of the project that a resolved host leads to, on `port`: over a network, itself, or a published port. */
export function serviceAt(
  project: Project,
  target: HostResolution | undefined,
  port: number,
  servers: ReadonlySet<string>,
): string | undefined {
  if (target?.kind === "service") return servers.has(target.service) ? target.service : undefined;
  if (target?.kind === "self") return target.services.find((name) => servers.has(name));
  if (target?.kind !== "host") return undefined;
  return Object.keys(project.services).find(
    (name) =>
      servers.has(name) && project.services[name]?.ports.some((published) => published.published === String(port)),
  );
}
