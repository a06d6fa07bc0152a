import { readFile } from "node:fs/promises";
import { isIP } from "node:net";
import type { ConnectionOptions } from "node:tls";
import type { SqlTarget, SqlTls } from "../ports/sql.ts";

/** What to offer a server, in order: the next is tried where the server does not take the one before. */
export async function sqlTlsAttempts(target: SqlTarget): Promise<readonly (ConnectionOptions | false)[]> {
  const { tls } = target;
  // libpq uses no TLS over a Unix socket whatever the mode says.
  if (tls === undefined || target.host.startsWith("/")) return [false];
  const offered = await tlsOptions(target, tls);
  switch (tls.mode) {
    case "allow":
      return [false, offered];
    case "prefer":
      return [offered, false];
    case "require":
    case "verify-ca":
    case "verify-full":
      return [offered];
  }
}

/** The options of a TLS line to a server as libpq would make it. Rejects when a file cannot be read. */
export async function tlsOptions(target: Pick<SqlTarget, "host">, tls: SqlTls): Promise<ConnectionOptions> {
  const read = async (path: string | undefined): Promise<string | undefined> =>
    path === undefined ? undefined : readFile(path, "utf8");
  const [ca, cert, key] = await Promise.all([
    read(tls.rootCertificateFile),
    read(tls.certificateFile),
    read(tls.keyFile),
  ]);
  const name = tls.serverName ?? target.host;
  return {
    // Node checks the certificate against `servername`, and against `host` where that is an address.
    ...(isIP(name) === 0 ? { servername: name } : { host: name }),
    rejectUnauthorized: tls.mode === "verify-ca" || tls.mode === "verify-full",
    ...(tls.mode === "verify-full" ? {} : { checkServerIdentity: () => undefined }),
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}
