import { createHash } from "node:crypto";
import { join } from "node:path";

import type { Emit } from "../core/event.ts";
import type { Ports } from "../ports/ports.ts";
import { isSqlFailure, type SqlSession, type SqlTarget } from "../ports/sql.ts";
import type { PostgresClients } from "../supply/supply.ts";
import { findEmptyDatabase } from "./find-empty-database.ts";
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

/** Tables that a fresh MLflow database has rows in; experiment 0 and its artifact root are left out of the template. */
const freshMlflowTables = ["alembic_version", "workspaces", "experiments"];
/** Tables that are empty in a fresh Airflow database, of all versions, and fill when it is used. */
const usedAirflowTables = ["connection", "variable", "job", "log", "dag", "dag_run", "ab_user"];

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
      // Tables that came in between are no fault of the template.
      if ((await findEmptyDatabase(io.sql, request.target)) === undefined) return false;
      await io.files.remove(path);
      request.emit({
        type: "note",
        message: `A migrated template could not be loaded and was removed: ${result.stderr.trim().split("\n")[0] ?? ""}`,
      });
      return false;
    },
    capture: async () => {
      const session = await io.sql.connect(request.target);
      if (isSqlFailure(session)) return;
      try {
        // What was looked at is what is dumped, whatever others write meanwhile.
        await session.query("begin isolation level repeatable read, read only");
        const leftOut = await listLeftOut(session, request.product);
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

/**
 * Tables and sequences whose content does not belong into the template; undefined when the database holds more than a
 * fresh one. Sequences do not roll back, so MLflow's are left as they were made: no fresh row of it takes a number.
 */
async function listLeftOut(
  session: SqlSession,
  product: TemplateRequest["product"],
): Promise<readonly string[] | undefined> {
  const relations = await session.query(
    "select relname, relkind from pg_class where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p', 'S')",
  );
  const sequences = relations.filter((row) => row["relkind"] === "S").map((row) => String(row["relname"]));
  for (const { relname, relkind } of relations) {
    const table = String(relname);
    const limit = mostRows(product, table);
    if (relkind === "S" || limit === undefined) continue;
    const rows = await session.query(`select 1 from "${table.replaceAll('"', '""')}" limit ${limit + 1}`);
    if (rows.length > limit) return undefined;
  }
  return product === "mlflow" ? ["experiments", ...sequences] : [];
}

/** How many rows a table holds at most in a fresh database; undefined: any number. */
function mostRows(product: TemplateRequest["product"], table: string): number | undefined {
  if (product === "airflow") return usedAirflowTables.includes(table) ? 0 : undefined;
  return freshMlflowTables.includes(table) ? 1 : 0;
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
