import { parsePostgresMajor } from "../catalog/postgres/image.ts";
import type { Project } from "../compose/project.ts";
import { applyClientCall } from "./apply-client-call.ts";
import { serviceAt } from "./build-connection.ts";
import { postgresPort } from "./find-listeners.ts";
import { readClientCall } from "./read-psql.ts";
import { readStateOf } from "./read-state.ts";
import { resolveHost } from "./resolve-host.ts";
import { readInitScripts } from "./read-init-scripts.ts";
import { emptyContent, unknownPart, type ServerContent } from "./server-content.ts";
import type { ServiceView } from "./service-view.ts";
import type { Creation, DatabaseServer, Known } from "./topology.ts";
import { sliceTraced, type TracedText } from "./traced-text.ts";

interface OpenServer {
  readonly view: ServiceView;
  readonly content: ServerContent;
  readonly facts: Omit<
    DatabaseServer,
    "databases" | "roles" | "grants" | "schemas" | "searchPaths" | "complete" | "gaps"
  >;
}

/**
 * The PostgreSQL services of a project, with what they will hold once their init scripts and the project's jobs ran.
 * `awaited`: services whose end another one waits for.
 */
export function resolveServers(
  project: Project,
  views: readonly ServiceView[],
  awaited: ReadonlySet<string>,
): readonly DatabaseServer[] {
  const open = views.flatMap((view) => openServer(project, view) ?? []);
  const names = new Set(open.map(({ view }) => view.name));
  for (const view of views) {
    if (!names.has(view.name)) applyJob(project, view, open, names, awaited.has(view.name));
  }
  return open.map(({ facts, content }) => ({
    ...facts,
    databases: [...content.databases.values()],
    roles: [...content.roles.values()],
    grants: content.grants,
    schemas: content.schemas,
    searchPaths: content.searchPaths,
    complete: content.gaps.size === 0,
    gaps: [...content.gaps],
  }));
}

function openServer(project: Project, view: ServiceView): OpenServer | undefined {
  const { role } = view;
  const isServer = role.product === "postgres" && role.component?.id === "server";
  const major = isServer ? parsePostgresMajor(role.version ?? "") : undefined;
  if (major === undefined) return undefined;
  const content = emptyContent();
  const userText = readSetting(view, "POSTGRES_USER");
  const superuser = userText?.text ?? "postgres";
  const databaseText = readSetting(view, "POSTGRES_DB");
  const database = databaseText?.text ?? superuser;
  const creation = (text: TracedText | undefined): Creation => ({
    by: "environment",
    service: view.name,
    worksOnExistingData: false,
    text,
  });
  const owner = { state: "known", value: superuser } as const;
  content.databases.set(database, { name: database, owner, creation: creation(databaseText ?? userText) });
  content.databases.set(
    "postgres",
    content.databases.get("postgres") ?? { name: "postgres", owner, creation: creation(undefined) },
  );
  content.roles.set(superuser, {
    name: superuser,
    password: readPassword(project, view),
    superuser: true,
    canLogin: true,
    creation: creation(userText),
  });
  for (const gap of findGaps(project, view)) content.gaps.add(gap);
  const initScripts = readInitScripts(content, view, superuser, database);
  const method = role.environment["POSTGRES_HOST_AUTH_METHOD"];
  return {
    view,
    content,
    facts: {
      service: view.name,
      major,
      superuser,
      password: readSetting(view, "POSTGRES_PASSWORD")?.text,
      passwordIn: describePasswordPlace(project, view),
      database,
      authMethod: method === "trust" || method === "md5" ? method : "scram-sha-256",
      port: postgresPort(view),
      initScripts,
    },
  };
}

/** Why a server may hold more, or something else, than its environment says. */
function findGaps(project: Project, view: ServiceView): string[] {
  const gaps = view.missingEnvFiles.map((path) => `${path} is missing`);
  for (const name of ["POSTGRES_USER", "POSTGRES_DB"]) {
    const text = view.role.environmentText.get(name);
    const state = text === undefined ? undefined : readStateOf(project, text, undefined);
    if (state?.kind === "unknown") gaps.push(state.reason);
    const path = view.role.environment[`${name}_FILE`];
    const file = path === undefined ? undefined : view.files.read(path);
    if (file !== undefined && file.kind !== "text") gaps.push(file.reason);
  }
  for (const mount of view.service.volumes) {
    if (!mount.target.startsWith("/var/lib/postgresql")) continue;
    const volume = mount.type === "volume" ? project.volumes[mount.source ?? ""] : undefined;
    if (volume?.external === true) gaps.push(`the volume ${mount.source ?? ""} is external and may hold more`);
    if (mount.type === "bind" && view.files.read(`${mount.target}/PG_VERSION`).kind === "text")
      gaps.push(`${mount.source ?? mount.target} holds data already`);
  }
  return gaps;
}

/** What the programs of another service make in the servers: psql in a one-shot job also works on existing data. */
function applyJob(
  project: Project,
  view: ServiceView,
  open: readonly OpenServer[],
  names: ReadonlySet<string>,
  isAwaited: boolean,
): void {
  for (const invocation of view.command.invocations) {
    const call = readClientCall(invocation);
    if (call === undefined) continue;
    const reason = call.host === undefined ? undefined : unknownPart(call.host);
    const target = call.host === undefined ? undefined : resolveHost(project, view.name, call.host.text);
    const reached = serviceAt(project, target, Number(invocation.variables.get("PGPORT")?.text ?? 5432), names);
    for (const { view: server, content, facts } of open) {
      if (reason !== undefined) content.gaps.add(`${view.name} runs ${call.program} on a host that is not known`);
      if (reached !== server.name) continue;
      applyClientCall(
        content,
        {
          by: "job",
          service: view.name,
          worksOnExistingData: true,
          where: view.name,
          files: view.files,
          user: facts.superuser,
          database: call.user ?? facts.superuser,
        },
        invocation,
      );
    }
  }
  if (!isAwaited || isUnderstood(view)) return;
  for (const { view: server, content } of open) {
    const isNamed = [...view.role.environmentText.values(), ...view.role.words].some(({ text }) =>
      mentions(text, server.name, server.service.container_name),
    );
    if (isNamed) content.gaps.add(`${view.name} may create more in ${server.name}: its program cannot be read`);
  }
}

const understood =
  /^(airflow|mlflow|psql|createdb|createuser|pg_isready|echo|sleep|nc|ncat|test|\[|\[\[|true|false|set|exit|cd|mkdir|chown|chmod|pip3?|printf|cat|until|touch|ls|date)$/;

/** Whether every program of a job is one whose work on databases is known. */
function isUnderstood({ command, role }: ServiceView): boolean {
  return (
    command.gaps.length === 0 &&
    role.words.length > 0 &&
    command.invocations.every(({ program }) => understood.test(program) || program === "")
  );
}

function mentions(text: string, ...names: readonly (string | undefined)[]): boolean {
  return names.some((name) => name !== undefined && new RegExp(`(^|[^\\w.-])${escape(name)}([^\\w.-]|$)`).test(text));
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function readPassword(project: Project, view: ServiceView): Known<string> {
  const text = readSetting(view, "POSTGRES_PASSWORD");
  const written = text ?? view.role.environmentText.get("POSTGRES_PASSWORD");
  const state = written === undefined ? undefined : readStateOf(project, written, undefined);
  if (state?.kind === "unknown") return { state: "unknown", reason: state.reason };
  if (text !== undefined) return { state: "known", value: text.text };
  const path = view.role.environment["POSTGRES_PASSWORD_FILE"];
  const file = path === undefined ? undefined : view.files.read(path);
  if (file !== undefined && file.kind !== "text") return { state: "unknown", reason: file.reason };
  const [missing] = view.missingEnvFiles;
  return missing === undefined ? { state: "none" } : { state: "unknown", reason: `${missing} is missing` };
}

/** POSTGRES_X, or what the file that POSTGRES_X_FILE names holds without its last newline. A blank one counts as unset. */
function readSetting({ role, files }: ServiceView, name: string): TracedText | undefined {
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
