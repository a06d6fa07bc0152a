import { suggestKey } from "../compose/suggest-key.ts";
import { serviceNames } from "../topology/service-names.ts";
import type { DatabaseServer } from "../topology/topology.ts";
import type { JudgedConnection } from "./judged-connections.ts";
import type { Subject } from "./rule.ts";

/** The PostgreSQL service a connection leads to, or, where its host is wrong, was most likely meant for. */
export interface IntendedServer {
  readonly server: DatabaseServer;
  /** True: a guess; its host leads nowhere as it is written. */
  readonly guessed: boolean;
}

/**
 * A wrong host is guessed by the strongest sign that points to one server alone: a name that differs in a letter, a
 * published port, `depends_on`, the login, the database, and at last that there is only one. Undefined when nothing does,
 * and for a host that only a machine can know.
 */
export function intendedServer(
  subject: Pick<Subject, "project" | "topology">,
  connection: JudgedConnection,
): IntendedServer | undefined {
  const { project, topology } = subject;
  const { servers } = topology;
  const { target, service, host, port } = connection;
  const reached = servers.find((server) => server.service === connection.server);
  if (reached !== undefined) return { server: reached, guessed: false };
  if (target === undefined || target.kind === "unknown" || target.kind === "host") return undefined;
  if (target.kind === "service" && mayRunPostgres(subject, target.service)) return undefined;
  if (target.kind === "self" && target.services.some((name) => name !== service)) return undefined;
  const named = target.kind === "no-shared-network" || target.kind === "inactive" ? target.service : undefined;
  const signs: readonly ((server: DatabaseServer) => boolean)[] = [
    (server) => server.service === named,
    (server) => host !== undefined && isNear(host, namesOf(server)),
    (server) => target.kind === "self" && publishes(server, port),
    (server) => server.service in (project.services[service]?.depends_on ?? {}),
    (server) => server.roles.some((role) => role.name === connection.user && isPassword(role, connection.password)),
    (server) => server.databases.some(({ name }) => name === connection.database && name !== "postgres"),
    () => true,
  ];
  for (const sign of signs) {
    const [found, ...others] = servers.filter(sign);
    if (found !== undefined && others.length === 0) return { server: found, guessed: true };
  }
  return undefined;

  function namesOf(server: DatabaseServer): readonly string[] {
    const one = project.services[server.service];
    return one === undefined ? [] : serviceNames(server.service, one, Object.keys(one.networks));
  }
  function publishes(server: DatabaseServer, published: number): boolean {
    const ports = project.services[server.service]?.ports ?? [];
    return published !== server.port && ports.some((one) => one.published === String(published));
  }
}

const others = /(^|\/)(airflow|mlflow|redis|valkey|rabbitmq|minio|nginx|traefik|caddy|mysql|mariadb|mongo)$/;

/** False for services that are known to run something else; a build, or an image nobody knows, may hold PostgreSQL. */
export function mayRunPostgres({ project, topology }: Pick<Subject, "project" | "topology">, name: string): boolean {
  const product = topology.services[name]?.product;
  if (product !== undefined) return product === "postgres";
  const { image, build } = project.services[name] ?? {};
  return build !== undefined || image === undefined || !others.test(image.replace(/@.*$/, "").replace(/:[^/]*$/, ""));
}

function isNear(host: string, names: readonly string[]): boolean {
  const plain = (name: string) => name.toLowerCase().replaceAll("-", "_");
  return suggestKey(plain(host), names.map(plain)) !== undefined;
}

function isPassword(role: DatabaseServer["roles"][number], password: string | undefined): boolean {
  return role.password.state === "known" && role.password.value === password;
}
