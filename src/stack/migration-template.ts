import { createHash } from "node:crypto";
import { join } from "node:path";

import type { NativeSession } from "../engine/native/native-session.ts";
import type { SqlTarget } from "../ports/sql.ts";
import type { PostgresClients, PythonEnvironment } from "../supply/supply.ts";
import { commandLines } from "../topology/resolve-service-role.ts";
import type { ServiceRole } from "../topology/topology.ts";

/** What a migrated template depends on; equal parts give equal tables. */
export interface TemplateRequest {
  readonly role: ServiceRole;
  readonly environment: PythonEnvironment;
  readonly clients: PostgresClients;
  readonly serverMajor: number;
  readonly target: SqlTarget;
}

/** Only a command that does nothing but migrate can be replaced by its result. */
export function isPureMigration(role: ServiceRole): boolean {
  const lines = commandLines(role.argv);
  const variables = ["_AIRFLOW_DB_MIGRATE", "_AIRFLOW_DB_UPGRADE", "_AIRFLOW_WWW_USER_CREATE"];
  return (
    lines.length === 1 &&
    role.component?.id === "migration" &&
    variables.every((name) => (role.environment[name] ?? "") === "")
  );
}

/** Settings that decide what a migration makes, besides the packages: everything but connections, keys and workers. */
function settings(role: ServiceRole): readonly string[] {
  const names = /^AIRFLOW__(CORE__AUTH_MANAGER|FAB__|DATABASE__(?!SQL_ALCHEMY_CONN))/;
  return Object.entries(role.environment)
    .filter(([name]) => names.test(name))
    .map(([name, value]) => `${name}=${value}`)
    .toSorted();
}

function templatePath(session: NativeSession, request: TemplateRequest): string {
  const { role, environment, serverMajor } = request;
  const parts = [
    environment.key,
    role.product,
    commandLines(role.argv)[0]?.slice(0, 3),
    settings(role),
    serverMajor,
    "UTF8",
    1,
  ];
  const key = createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
  return join(session.supply.cache, "templates", `${role.product}-${role.version}-pg${serverMajor}-${key}.sql`);
}

/** Loads the template into an empty database as the app's own role, in one transaction. False: there is none. */
export async function restoreTemplate(session: NativeSession, request: TemplateRequest): Promise<boolean> {
  const path = templatePath(session, request);
  const { files, processes } = session.home.ports;
  if (!(await files.exists(path))) return false;
  const result = await processes.run({
    argv: [
      join(request.clients.binDirectory, "psql"),
      "--no-psqlrc",
      "--quiet",
      "--single-transaction",
      "-v",
      "ON_ERROR_STOP=1",
      "-f",
      path,
    ],
    env: clientEnvironment(request),
    cwd: "/",
    signal: session.home.signal,
  });
  session.home.signal.throwIfAborted();
  if (result.exitCode === 0) return true;
  // The transaction is rolled back; the migration itself is always the other way.
  await files.remove(path);
  session.home.emit({
    type: "note",
    message: `A migrated template could not be loaded and was removed: ${result.stderr.trim().split("\n")[0] ?? ""}`,
  });
  return false;
}

/** Stores the database as it is right after its migration, before any server or user wrote to it. */
export async function captureTemplate(session: NativeSession, request: TemplateRequest): Promise<void> {
  const path = templatePath(session, request);
  const { files, processes } = session.home.ports;
  if (await files.exists(path)) return;
  const result = await processes.run({
    argv: [join(request.clients.binDirectory, "pg_dump"), "--no-owner", "--no-privileges", "--no-password"],
    env: clientEnvironment(request),
    cwd: "/",
    signal: session.home.signal,
  });
  if (result.exitCode !== 0) return;
  await files.makeDirectory(join(session.supply.cache, "templates"), { mode: 0o755 });
  await files.writeText(path, result.stdout, { mode: 0o644 });
}

function clientEnvironment({ clients, target }: TemplateRequest): Record<string, string> {
  return {
    LANG: "C.UTF-8",
    PATH: `${clients.binDirectory}:/usr/bin:/bin`,
    PGHOST: target.host,
    PGPORT: String(target.port),
    PGUSER: target.user,
    PGDATABASE: target.database,
    ...(target.password === undefined ? {} : { PGPASSWORD: target.password }),
  };
}
