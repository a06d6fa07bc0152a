import type { DatabaseServer } from "./topology.ts";

/**
 * The schema in which a role's tables are made that are named without one: the first of its `search_path` that exists.
 * What is set for the role in the database goes before what is set for the role, that before the database's; unset it is
 * `"$user"`, then `public` (PostgreSQL's manual: client connection defaults, ALTER ROLE). Where not all that fills the
 * server could be read, a schema that is named in a `search_path` is taken to be there.
 */
export function settledSchema(
  server: Pick<DatabaseServer, "schemas" | "searchPaths" | "complete"> | undefined,
  database: string,
  user: string | undefined,
): string {
  if (server === undefined) return "public";
  const levels = [
    { role: user, database },
    { role: user, database: undefined },
    { role: undefined, database },
    { role: undefined, database: undefined },
  ];
  const set = levels
    .map((level) => server.searchPaths.findLast((one) => one.role === level.role && one.database === level.database))
    .find((one) => one !== undefined && one.schemas.length > 0)?.schemas;
  const path = set ?? ["$user", "public"];
  const nameOf = (written: string): string | undefined => (written === "$user" ? user : written);
  const found = path.find((written) => {
    const isNamed = set !== undefined && written !== "$user" && !server.complete;
    const name = nameOf(written);
    return isNamed || name === "public" || server.schemas.some((one) => one.name === name && one.database === database);
  });
  return nameOf(found ?? path[0] ?? "public") ?? "public";
}
