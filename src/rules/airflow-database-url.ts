import type { DatabaseServer } from "../topology/topology.ts";
import type { Subject } from "./rule.ts";
import { writtenPassword } from "./written-password.ts";

/** An address for Airflow's database: on the server it depends on, else the only one; undefined where that is not clear. */
export function airflowDatabaseUrl(subject: Subject, service: string): string | undefined {
  const { servers } = subject.topology;
  const dependencies = subject.project.services[service]?.depends_on ?? {};
  const signs: readonly ((server: DatabaseServer) => boolean)[] = [
    (server) => server.service in dependencies,
    (server) => server.database.includes("airflow"),
    () => true,
  ];
  const server = signs.map((sign) => servers.filter(sign)).find((found) => found.length === 1)?.[0];
  const role = server?.roles[0];
  if (server === undefined || role?.password.state !== "known") return undefined;
  const password = writtenPassword(subject, server, role.password.value);
  if (password === undefined) return undefined;
  const login = `${encodeURIComponent(role.name)}:${password}`;
  return `postgresql+psycopg2://${login}@${server.service}:${server.port}/${server.database}`;
}
