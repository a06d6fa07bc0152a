import { join } from "node:path";

import { ToolError } from "../core/tool-error.ts";
import type { ServerAccess } from "../ports/server-access.ts";
import type { SqlTls } from "../ports/sql.ts";
import type { Ports } from "../ports/ports.ts";
import { createServerAccess } from "../supply/create-server-access.ts";
import { ensurePostgresClients } from "../supply/ensure-postgres-clients.ts";
import type { SupplyContext } from "../supply/supply.ts";
import { openUrlLogin } from "./open-url-login.ts";

/** The client programs read 9.2 and later; the queries here want what 12 has. */
const oldest = 12;
const newest = 18;

export interface UrlAccess extends ServerAccess {
  /** The database the URL names. */
  readonly database: string | undefined;
}

type UrlContext = Omit<SupplyContext, "io"> & { readonly io: SupplyContext["io"] & Pick<Ports, "sql" | "sockets"> };

/**
 * A server by URL, with its client programs. Logs in once, to say at once what is wrong and to learn the version. ToolError
 * as openUrlLogin and its `connect` throw, VERSION_UNKNOWN for a server too old or too new.
 */
export async function openUrlAccess(context: UrlContext, url: string): Promise<UrlAccess> {
  const { io } = context;
  const login = await openUrlLogin(io, url);
  const { label, role, place, host, tls, connect } = login;
  // Our client programs are built without TLS; one relay serves all of them.
  let relaying: ReturnType<Ports["sockets"]["relayTls"]> | undefined;
  const relayFor = (mode: SqlTls): ReturnType<Ports["sockets"]["relayTls"]> => {
    if (mode.certificateFile !== undefined) throw noClientCertificate(label);
    relaying ??= io.sockets.relayTls({ host: place.address ?? host, port: place.port, tls: mode });
    return relaying;
  };
  const major = await readMajor(connect, place.database, context.signal, label);
  const access = createServerAccess(io, {
    label,
    withCopy: undefined,
    role,
    connect,
    command: async (program, args) => {
      const { binDirectory } = await ensurePostgresClients(context, major);
      const relay = tls === undefined || host.startsWith("/") ? undefined : await relayFor(tls);
      const password = relay === undefined ? place.password : await login.passwordOf(place.database ?? "postgres");
      return {
        argv: [join(binDirectory, program), ...args, "--no-password"],
        env: {
          LANG: "C.UTF-8",
          LC_ALL: "C.UTF-8",
          PATH: `${binDirectory}:/usr/bin:/bin`,
          PGHOST: relay === undefined ? host : "127.0.0.1",
          PGPORT: String(relay?.port ?? place.port),
          PGUSER: role,
          PGAPPNAME: "bulkhead",
          PGPASSFILE: login.passwordFile,
          PGSSLMODE: "disable",
          ...(relay === undefined ? optional("PGHOSTADDR", place.address) : {}),
          ...optional("PGPASSWORD", password),
          ...optional("PGOPTIONS", place.options),
          ...optional("PGCONNECT_TIMEOUT", place.connectTimeoutMs && String(Math.ceil(place.connectTimeoutMs / 1000))),
        },
      };
    },
  });
  return { ...access, database: place.database };
}

function optional(name: string, value: string | 0 | undefined): Readonly<Record<string, string>> {
  return value === undefined || value === 0 ? {} : { [name]: value };
}

async function readMajor(
  connect: ServerAccess["connect"],
  database: string | undefined,
  signal: AbortSignal,
  label: string,
): Promise<number> {
  const session = await connect(database ?? "postgres", signal);
  try {
    const rows = await session.query("select current_setting('server_version_num')::int / 10000 as major");
    const major = Number(rows[0]?.["major"]);
    if (major >= oldest && major <= newest) return major;
    throw new ToolError("VERSION_UNKNOWN", `${label} is PostgreSQL ${major}; ${oldest} to ${newest} are supported.`, {
      detail: { major },
    });
  } finally {
    await session.close();
  }
}

/** A relay would let every account of this machine in with it. */
function noClientCertificate(label: string): ToolError {
  return new ToolError(
    "POSTGRES_UNREACHABLE",
    `${label} is reached with a client certificate, which dumps cannot use.`,
    {
      hint: "Name a role with a password for it.",
      detail: { server: label },
    },
  );
}
