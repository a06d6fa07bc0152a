import { parsePostgresMajor } from "../catalog/postgres/image.ts";
import type { Project } from "../compose/project.ts";
import { postgresPort } from "./find-listeners.ts";
import type { ServiceView } from "./service-view.ts";
import type { DatabaseServer } from "./topology.ts";
import { sliceTraced, type TracedText } from "./traced-text.ts";

/** The PostgreSQL services of a project, with what init scripts and jobs will make in them. */
export function resolveServers(project: Project, views: readonly ServiceView[]): readonly DatabaseServer[] {
  return views.flatMap((view) => {
    const server = readServer(project, view);
    return server === undefined ? [] : [server];
  });
}

function readServer(project: Project, view: ServiceView): DatabaseServer | undefined {
  const { role } = view;
  const major = role.product === "postgres" ? parsePostgresMajor(role.version ?? "") : undefined;
  if (major === undefined) return undefined;
  const superuser = readSetting(view, "POSTGRES_USER")?.text ?? "postgres";
  const method = role.environment["POSTGRES_HOST_AUTH_METHOD"];
  return {
    service: view.name,
    major,
    superuser,
    password: readSetting(view, "POSTGRES_PASSWORD")?.text,
    passwordIn: describePasswordPlace(project, view),
    database: readSetting(view, "POSTGRES_DB")?.text ?? superuser,
    authMethod: method === "trust" || method === "md5" ? method : "scram-sha-256",
    port: postgresPort(view),
    databases: [],
    roles: [],
    grants: [],
    schemas: [],
    complete: false,
    gaps: [],
    initScripts: [],
  };
}

/** POSTGRES_X, or what the file that POSTGRES_X_FILE names holds without its last newline. A blank one counts as unset. */
export function readSetting({ role, files }: ServiceView, name: string): TracedText | undefined {
  const direct = role.environmentText.get(name);
  if (direct !== undefined && direct.text !== "") return direct;
  const path = role.environmentText.get(`${name}_FILE`);
  const file = path === undefined ? undefined : files.read(path.text);
  return file?.kind === "text" ? sliceTraced(file.text, 0, file.text.text.replace(/\r?\n$/, "").length) : undefined;
}

/** Where a person finds the server's password: the variable in `.env`, or the key in the Compose file. */
function describePasswordPlace(project: Project, { name, role }: ServiceView): string | undefined {
  if (role.environment["POSTGRES_PASSWORD_FILE"] !== undefined) return role.environment["POSTGRES_PASSWORD_FILE"];
  const origin = project.origins.at(["services", name, "environment", "POSTGRES_PASSWORD"]);
  const link = origin?.chain.find((one) => one.step === "dotenv" || one.step === "env-file") ?? origin?.chain[0];
  const file = link?.span?.file.split("/").at(-1);
  if (file === undefined) return undefined;
  return link?.variable === undefined ? `POSTGRES_PASSWORD in ${file}` : `${link.variable} in ${file}`;
}
