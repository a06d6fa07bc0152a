import { createHash } from "node:crypto";
import { join } from "node:path";

import { freshDatabases } from "../catalog/fresh-database.ts";
import type { Emit } from "../core/event.ts";
import type { Ports } from "../ports/ports.ts";
import { isSqlFailure, type SqlSession, type SqlTarget } from "../ports/sql.ts";
import type { PostgresClients } from "../supply/supply.ts";
import type { TemplatePlan } from "./plan-template.ts";

export interface TemplateRequest {
  readonly io: Pick<Ports, "files" | "processes" | "sql">;
  /** Absolute cache directory; templates lie in `templates` below it. */
  readonly cache: string;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  readonly product: "airflow" | "mlflow";
  readonly version: string;
  readonly plan: Pick<TemplatePlan, "command" | "settings">;
  /** Key of the installed packages, providers included. */
  readonly environmentKey: string;
  readonly clients: PostgresClients;
  readonly serverMajor: number;
  /** As PostgreSQL names it, e.g. `UTF8`. */
  readonly encoding: string;
  /** The database to fill or to keep, with the app's own login. */
  readonly target: SqlTarget;
}

/** The tables of one app as they are right after migration; equal parts of the request give equal tables. */
export interface MigrationTemplate {
  exists(): Promise<boolean>;
  /** Loads it into the empty database in one transaction. False: it did not load, and the database is as it was. */
  restore(): Promise<boolean>;
  /** Keeps the database's tables, unless they hold anything of this project. Never fails an `up`. */
  capture(): Promise<void>;
}

export function migrationTemplate(request: TemplateRequest): MigrationTemplate {
  const { io, signal } = request;
  const path = templatePath(request);
  const run = (program: string, ...rest: readonly string[]): ReturnType<Ports["processes"]["run"]> =>
    io.processes.run({
      argv: [join(request.clients.binDirectory, program), ...rest],
      env: clientEnvironment(request),
      cwd: "/",
      signal,
    });
  return {
    exists: () => io.files.exists(path),
    restore: async () => {
      const result = await run("psql", "-X", "-q", "--single-transaction", "-v", "ON_ERROR_STOP=1", "-f", path);
      if (result.exitCode === 0) return true;
      signal.throwIfAborted();
      const reason = result.stderr.trim().split("\n")[0] ?? "";
      request.emit({ type: "note", message: `A migrated template does not load, so tables are migrated: ${reason}` });
      return false;
    },
    capture: async () => {
      const session = await io.sql.connect(request.target);
      if (isSqlFailure(session)) return;
      try {
        // What was looked at is what is dumped, whatever others write meanwhile.
        await session.query("begin isolation level repeatable read, read only");
        const leftOut = await listUsed(session, request.product);
        if (leftOut === undefined) return;
        const [row] = await session.query("select pg_export_snapshot() as snapshot");
        const dump = await run(
          "pg_dump",
          "--no-owner",
          "--no-privileges",
          "--no-password",
          `--snapshot=${String(row?.["snapshot"])}`,
          ...leftOut.map((name) => `--exclude-table-data="${name}"`),
        );
        if (dump.exitCode !== 0) return;
        await io.files.makeDirectory(join(request.cache, "templates"), { mode: 0o755 });
        await io.files.writeText(path, dump.stdout, { mode: 0o644 });
      } catch {
        // A role that may not read a catalog, a full disk: the next project migrates too.
        signal.throwIfAborted();
      } finally {
        await session.close();
      }
    },
  };
}

const relationsQuery = `
  select c.relname as name, c.relkind = 'S' as sequence, o.relname as owner
  from pg_class c
  left join pg_depend d on d.objid = c.oid and d.classid = 'pg_class'::regclass and d.deptype in ('a', 'i') and c.relkind = 'S'
  left join pg_class o on o.oid = d.refobjid
  where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p', 'S')`;

/**
 * Tables and sequences whose content is this project's, not the migration's. Undefined when there is more than migration
 * and first use leave: then nobody knows whose it is.
 */
async function listUsed(
  session: SqlSession,
  product: TemplateRequest["product"],
): Promise<readonly string[] | undefined> {
  const { kept, used } = freshDatabases[product];
  const relations = await session.query(relationsQuery);
  const found: string[] = [];
  for (const { name, sequence, owner } of relations) {
    const condition = kept[String(sequence === true ? owner : name)];
    if (condition === undefined) found.push(String(name));
    if (sequence === true || used.test(String(name))) continue;
    const quoted = `"${String(name).replaceAll('"', '""')}"`;
    const strange = await session.query(`select 1 from ${quoted} where not (${condition ?? "false"}) limit 1`);
    if (strange.length > 0) return undefined;
  }
  return found;
}

function templatePath(request: TemplateRequest): string {
  const { product, version, plan, environmentKey, serverMajor, encoding } = request;
  const parts = [2, product, environmentKey, plan.command, plan.settings, serverMajor, encoding];
  const key = createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
  return join(request.cache, "templates", `${product}-${version}-pg${serverMajor}-${key}.sql`);
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
