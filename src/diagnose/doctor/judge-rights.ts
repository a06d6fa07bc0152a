import { quoteWord } from "../../core/quote-word.ts";
import { quoteName } from "../../postgres/quote-sql.ts";
import type { SqlRow } from "../../ports/sql.ts";
import type { DatabaseServer } from "../../topology/topology.ts";
import type { DoctorAnswer, DoctorFix } from "./doctor-check.ts";
import type { StackPlace } from "./doctor-place.ts";
import { plainName } from "./plain-name.ts";
import { superuserPsql } from "./superuser-psql.ts";
import { withSuperuser } from "./with-superuser.ts";

/** What a role that has logged in may do: where its tables go, and whether it may make them. */
export const RIGHTS_QUERY = `select current_schema()::text as schema, current_setting('search_path') as path,
  coalesce(has_schema_privilege(current_schema(), 'create'), false) as may_create,
  coalesce((select ssl from pg_stat_ssl where pid = pg_backend_pid()), false) as tls,
  session_user::text as role, current_setting('server_version') as version`;

/** Judges the row of RIGHTS_QUERY. `server`: undefined where it is none of the project's. */
export function judgeRights(
  stack: Pick<StackPlace, "openServer">,
  { server, database }: { readonly server: DatabaseServer | undefined; readonly database: string },
  row: SqlRow,
): DoctorAnswer {
  const text = (name: string): string => String(row[name]);
  const role = text("role");
  const cured = (title: string, sql: string, shown: string): Pick<DoctorAnswer, "cure" | "fix"> => {
    if (server === undefined) return { cure: shown };
    const { service } = server;
    const fix: DoctorFix = {
      title,
      apply: async (signal) =>
        void (await withSuperuser(stack, { service, database }, signal, (session) => session.query(sql))),
    };
    return { cure: `bulkhead doctor --fix\n${superuserPsql(server, database)} ${quoteWord(shown)}`, fix };
  };
  if (row["schema"] === null) {
    const schema = firstSchema(text("path"), role);
    return {
      outcome: "fail",
      fact: `${role} logs in, but its search_path (${text("path")}) names no schema of ${database} that it may use`,
      ...cured(
        `make the schema ${schema} in ${database} for ${role}`,
        `CREATE SCHEMA IF NOT EXISTS ${quoteName(schema)} AUTHORIZATION ${quoteName(role)}; GRANT USAGE, CREATE ON SCHEMA ${quoteName(schema)} TO ${quoteName(role)}`,
        `CREATE SCHEMA IF NOT EXISTS ${plainName(schema)} AUTHORIZATION ${plainName(role)}; GRANT USAGE, CREATE ON SCHEMA ${plainName(schema)} TO ${plainName(role)}`,
      ),
    };
  }
  if (row["may_create"] !== true) {
    const schema = text("schema");
    return {
      outcome: "fail",
      fact: `${role} logs in, but may not create tables in the schema ${schema} of ${database}`,
      ...cured(
        `let ${role} create tables in the schema ${schema} of ${database}`,
        `GRANT CREATE ON SCHEMA ${quoteName(schema)} TO ${quoteName(role)}`,
        `GRANT CREATE ON SCHEMA ${plainName(schema)} TO ${plainName(role)}`,
      ),
    };
  }
  const tls = row["tls"] === true ? ", TLS" : "";
  return { outcome: "ok", fact: `logs in and may create in ${text("schema")} (PostgreSQL ${text("version")}${tls})` };
}

/** The first schema that a search_path names, as an application would have meant it. */
function firstSchema(path: string, role: string): string {
  const names = path.split(",").map((name) => name.trim().replace(/^"(.*)"$/, "$1"));
  const named = names.find((name) => name !== "" && name !== "$user");
  return named ?? (names.includes("$user") ? role : "public");
}
