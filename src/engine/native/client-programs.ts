import { join } from "node:path";

import type { NameTable } from "./name-table.ts";

/** PostgreSQL's client programs as one unit finds them: stand-ins that know the unit's names, before the real ones. */
export interface ClientPrograms {
  /** Where the stand-ins lie; goes on the unit's PATH. */
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Where the image has its programs, for commands that name one by its path. */
  readonly places: readonly { readonly target: string; readonly source: string }[];
}

/** The programs of PostgreSQL's image that connect to a server and that we have. */
export const clientProgramNames: readonly string[] = [
  "clusterdb",
  "createdb",
  "createuser",
  "dropdb",
  "dropuser",
  "pg_dump",
  "pg_dumpall",
  "pg_isready",
  "pg_restore",
  "psql",
  "reindexdb",
  "vacuumdb",
];

/** The account names behind the numbers that PostgreSQL's images (Debian's, Alpine's) give. */
const accounts: Readonly<Record<string, string>> = { "0": "root", "70": "postgres", "999": "postgres" };

/**
 * `user`: the container's account as `user:` or the image names it. libpq takes its name for the role where none is
 * given.
 */
export function planClientPrograms(unitDirectory: string, binDirectory: string, user: string): ClientPrograms {
  const directory = join(unitDirectory, "clients");
  const account = user.split(":")[0] ?? user;
  const folders = ["/usr/bin", "/usr/local/bin"];
  return {
    directory,
    environment: { BULKHEAD_CLIENTS: binDirectory, BULKHEAD_CLIENT_USER: accounts[account] ?? account },
    places: clientProgramNames.flatMap((name) =>
      folders.map((folder) => ({ target: `${folder}/${name}`, source: join(directory, name) })),
    ),
  };
}

/**
 * The lines that resources/sh/postgres-client.sh reads: `NAME PORT HERE`, and `NAME - -` for every name, so that its
 * other ports are refused. An address that was translated before stays as it is.
 */
export function renderAddressList({ names, own }: NameTable): string {
  const tables = { ...names, localhost: own, "127.0.0.1": own };
  const known = Object.entries(tables).flatMap(([name, ports]) => [
    ...Object.entries(ports).map(([port, here]) => `${name} ${port} ${here}`),
    `${name} - -`,
  ]);
  const translated = Object.values(names).flatMap((ports) =>
    Object.values(ports).map((here) => `127.0.0.1 ${here} ${here}`),
  );
  return `${[...known, ...new Set(translated)].join("\n")}\n`;
}
