import { quoteName, quoteText } from "../quote-sql.ts";
import type { DatabaseGrant, DatabaseSetting } from "./split-facts.ts";
import type { SplitStepArgs } from "./split-steps.ts";

/** Settings that hold a list: their value is SQL already (pg_dump, variable_is_guc_list_quote). */
const lists = new Set([
  "local_preload_libraries",
  "search_path",
  "session_preload_libraries",
  "shared_preload_libraries",
  "temp_tablespaces",
  "unix_socket_directories",
]);

/** Statements that give a database its owner, grants, limit and settings, for one transaction. */
export function renderProperties(
  database: string,
  { owner, connectionLimit, grants, settings }: Omit<SplitStepArgs["set-properties"], "copy" | "service">,
): readonly string[] {
  const name = quoteName(database);
  return [
    `ALTER DATABASE ${name} OWNER TO ${quoteName(owner)}`,
    `ALTER DATABASE ${name} CONNECTION LIMIT ${connectionLimit}`,
    ...renderGrants(database, grants),
    ...renderSettings(database, settings),
  ];
}

/** Takes the default from everybody and grants what is listed. */
export function renderGrants(database: string, grants: readonly DatabaseGrant[]): readonly string[] {
  const name = quoteName(database);
  return [
    `REVOKE ALL ON DATABASE ${name} FROM PUBLIC`,
    ...grants.map(({ role, privilege, grantable }) => {
      const to = role === undefined ? "PUBLIC" : quoteName(role);
      return `GRANT ${privilege} ON DATABASE ${name} TO ${to}${grantable && role !== undefined ? " WITH GRANT OPTION" : ""}`;
    }),
  ];
}

/** `ALTER DATABASE .. SET`, and `ALTER ROLE .. IN DATABASE .. SET`. */
export function renderSettings(database: string, settings: readonly DatabaseSetting[]): readonly string[] {
  return settings.map((setting) => {
    const whose = setting.role === undefined ? "DATABASE" : `ROLE ${quoteName(setting.role)} IN DATABASE`;
    return renderSetting(`${whose} ${quoteName(database)}`, setting);
  });
}

/** `target`: `ROLE "airflow"`, `DATABASE "mlflow"`. */
export function renderSetting(target: string, { name, value }: Omit<DatabaseSetting, "role">): string {
  const isWord = !lists.has(name) || value === "" || value === '""';
  const written = isWord ? quoteText(value === '""' ? "" : value) : value;
  return `ALTER ${target} SET ${name.split(".").map(quoteName).join(".")} TO ${written}`;
}
