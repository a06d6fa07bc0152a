import { join } from "node:path";

import type { ServerAccess } from "../ports/server-access.ts";
import { isSqlFailure, type SqlTls } from "../ports/sql.ts";
import type { Ports } from "../ports/ports.ts";
import { findPassword } from "./find-password.ts";
import { parseServerUrl, type ServerUrl } from "./parse-server-url.ts";
import { unreachableServer } from "./unreachable-server.ts";

/** How sessions on a server are opened by URL. */
export interface UrlLogin extends Pick<ServerAccess, "label" | "role" | "connect"> {
  /** What the URL and libpq's variables say. */
  readonly place: ServerUrl;
  /** A name, an address, or the absolute directory of a socket. */
  readonly host: string;
  /** With libpq's own certificate file, where there is one. */
  readonly tls: SqlTls | undefined;
  /** Absolute; it need not exist. */
  readonly passwordFile: string;
  /** From the URL, PGPASSWORD or the password file. */
  passwordOf(database: string): Promise<string | undefined>;
}

/**
 * The way into a server by URL, as libpq would go it: password from the URL, PGPASSWORD, or the password file; TLS as
 * `sslmode` says. Logs in nowhere yet. ToolError COMMAND_USAGE for a URL that cannot be used; `connect` throws
 * POSTGRES_UNREACHABLE with what to do.
 */
export async function openUrlLogin(io: Pick<Ports, "host" | "files" | "sql">, url: string): Promise<UrlLogin> {
  const place = parseServerUrl(url, io.host.env);
  const host = place.host ?? (await findSocketDirectory(io.files, place.port));
  const user = place.user ?? io.host.env["USER"] ?? io.host.env["LOGNAME"] ?? (io.host.uid === 0 ? "root" : "");
  const label = `${host}:${place.port}`;
  const tls = await tlsWithDefaults(io, place);
  const passwordFile = place.passwordFile ?? join(io.host.home, ".pgpass");
  const passwordOf: UrlLogin["passwordOf"] = async (database) =>
    place.password ??
    (await passwordInFile(io.files, passwordFile, {
      host: host.startsWith("/") ? "localhost" : host,
      port: place.port,
      database,
      user,
    }));
  return {
    label,
    role: user,
    place,
    host,
    tls,
    passwordFile,
    passwordOf,
    async connect(database, signal) {
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
    },
  };
}

/** libpq's default differs between builds: Debian's and the upstream one. */
async function findSocketDirectory(files: Ports["files"], port: number): Promise<string> {
  const debian = "/var/run/postgresql";
  return (await files.exists(join(debian, `.s.PGSQL.${port}`))) ? debian : "/tmp";
}

async function passwordInFile(
  files: Ports["files"],
  path: string,
  question: Parameters<typeof findPassword>[1],
): Promise<string | undefined> {
  const facts = await files.stat(path);
  // libpq reads no file that others may read.
  if (facts?.kind !== "file" || (facts.mode & 0o077) !== 0) return undefined;
  return findPassword(await files.readText(path), question);
}

/** libpq's own root certificate file counts where none is named; without any the system's authorities do. */
async function tlsWithDefaults(io: Pick<Ports, "host" | "files">, place: ServerUrl): Promise<SqlTls | undefined> {
  const { tls } = place;
  if (tls === undefined || tls.rootCertificateFile !== undefined) return tls;
  const own = join(io.host.home, ".postgresql", "root.crt");
  if (!(await io.files.exists(own))) return tls.mode === "verify-ca" ? { ...tls, mode: "verify-full" } : tls;
  return { ...tls, mode: tls.mode === "require" ? "verify-ca" : tls.mode, rootCertificateFile: own };
}
