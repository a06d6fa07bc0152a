import { join } from "node:path";

import { ToolError } from "../core/tool-error.ts";
import type { ServerAccess } from "../ports/server-access.ts";
import { isSqlFailure, type SqlTls } from "../ports/sql.ts";
import type { Ports } from "../ports/ports.ts";
import { createServerAccess } from "../supply/create-server-access.ts";
import { ensurePostgresClients } from "../supply/ensure-postgres-clients.ts";
import type { SupplyContext } from "../supply/supply.ts";
import { findPassword } from "./find-password.ts";
import { parseServerUrl, type ServerUrl } from "./parse-server-url.ts";
import { unreachableServer } from "./unreachable-server.ts";

/** The client programs read 9.2 and later; the queries here want what 12 has. */
const oldest = 12;
const newest = 18;

export interface UrlAccess extends ServerAccess {
  /** The database the URL names. */
  readonly database: string | undefined;
}

type UrlContext = Omit<SupplyContext, "io"> & { readonly io: SupplyContext["io"] & Pick<Ports, "sql" | "sockets"> };

/**
 * The way to any server by URL, as libpq would go it: password from the URL, PGPASSWORD, or the password file; TLS as
 * `sslmode` says. Logs in once, to say at once what is wrong and to learn the version. ToolError POSTGRES_UNREACHABLE with
 * what to do, COMMAND_USAGE for a URL that cannot be used, VERSION_UNKNOWN for a server too old or too new.
 */
export async function openUrlAccess(context: UrlContext, url: string): Promise<UrlAccess> {
  const { io } = context;
  const place = parseServerUrl(url, io.host.env);
  const host = place.host ?? (await findSocketDirectory(io.files, place.port));
  const user = place.user ?? io.host.env["USER"] ?? io.host.env["LOGNAME"] ?? (io.host.uid === 0 ? "root" : "");
  const label = `${host}:${place.port}`;
  const tls = await tlsWithDefaults(io, place);
  const passwordOf = async (database: string): Promise<string | undefined> =>
    place.password ?? (await passwordInFile(io, place, { host, database, user }));
  // Our client programs are built without TLS; one relay serves all of them.
  let relaying: ReturnType<Ports["sockets"]["relayTls"]> | undefined;
  const relayFor = (mode: SqlTls): ReturnType<Ports["sockets"]["relayTls"]> => {
    if (mode.certificateFile !== undefined) throw noClientCertificate(label);
    relaying ??= io.sockets.relayTls({ host: place.address ?? host, port: place.port, tls: mode });
    return relaying;
  };
  const connect: ServerAccess["connect"] = async (database, signal) => {
    const password = await passwordOf(database);
    const outcome = await io.sql.connect({
      host: place.address ?? host,
      port: place.port,
      user,
      database,
      signal,
      ...(password === undefined ? {} : { password }),
      ...(tls === undefined ? {} : { tls }),
      ...(place.options === undefined ? {} : { options: place.options }),
      ...(place.connectTimeoutMs === undefined ? {} : { connectTimeoutMs: place.connectTimeoutMs }),
    });
    if (!isSqlFailure(outcome)) return outcome;
    throw unreachableServer(outcome, { label, user, database, hasPassword: password !== undefined });
  };
  const major = await readMajor(connect, place.database, context.signal, label);
  const access = createServerAccess(io, {
    label,
    seesFiles: true,
    role: user,
    connect,
    command: async (program, args) => {
      const { binDirectory } = await ensurePostgresClients(context, major);
      const relay = tls === undefined || host.startsWith("/") ? undefined : await relayFor(tls);
      const password = relay === undefined ? place.password : await passwordOf(place.database ?? "postgres");
      return {
        argv: [join(binDirectory, program), ...args, "--no-password"],
        env: {
          LANG: "C.UTF-8",
          LC_ALL: "C.UTF-8",
          PATH: `${binDirectory}:/usr/bin:/bin`,
          PGHOST: relay === undefined ? host : "127.0.0.1",
          PGPORT: String(relay?.port ?? place.port),
          PGUSER: user,
          PGAPPNAME: "bulkhead",
          PGPASSFILE: passwordFile(io, place),
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

/** libpq's default differs between builds: Debian's and the upstream one. */
async function findSocketDirectory(files: Ports["files"], port: number): Promise<string> {
  const debian = "/var/run/postgresql";
  return (await files.exists(join(debian, `.s.PGSQL.${port}`))) ? debian : "/tmp";
}

function passwordFile(io: Pick<Ports, "host">, place: ServerUrl): string {
  return place.passwordFile ?? join(io.host.home, ".pgpass");
}

async function passwordInFile(
  io: Pick<Ports, "host" | "files">,
  place: ServerUrl,
  login: { readonly host: string; readonly database: string; readonly user: string },
): Promise<string | undefined> {
  const path = passwordFile(io, place);
  const facts = await io.files.stat(path);
  // libpq reads no file that others may read.
  if (facts?.kind !== "file" || (facts.mode & 0o077) !== 0) return undefined;
  const host = login.host.startsWith("/") ? "localhost" : login.host;
  return findPassword(await io.files.readText(path), { ...login, host, port: place.port });
}

/** libpq's own root certificate file counts where none is named; without any the system's authorities do. */
async function tlsWithDefaults(io: Pick<Ports, "host" | "files">, place: ServerUrl): Promise<SqlTls | undefined> {
  const { tls } = place;
  if (tls === undefined || tls.rootCertificateFile !== undefined) return tls;
  const own = join(io.host.home, ".postgresql", "root.crt");
  if (!(await io.files.exists(own))) return tls.mode === "verify-ca" ? { ...tls, mode: "verify-full" } : tls;
  return { ...tls, mode: tls.mode === "require" ? "verify-ca" : tls.mode, rootCertificateFile: own };
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
