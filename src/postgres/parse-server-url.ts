import { ToolError } from "../core/tool-error.ts";
import type { SqlTls } from "../ports/sql.ts";
import { parseLibpqUrl } from "../topology/parse-libpq-url.ts";

/** Where a URL leads, with what libpq's variables add. */
export interface ServerUrl {
  /** A name, an address, or the absolute directory of a Unix socket; undefined: libpq's own socket directory. */
  readonly host: string | undefined;
  /** `hostaddr`: where to go instead of asking for the name. */
  readonly address: string | undefined;
  readonly port: number;
  readonly user: string | undefined;
  /** From the URL or PGPASSWORD. */
  readonly password: string | undefined;
  readonly database: string | undefined;
  readonly tls: SqlTls | undefined;
  readonly options: string | undefined;
  readonly connectTimeoutMs: number | undefined;
  readonly passwordFile: string | undefined;
}

/** libpq's options that a session here honours too, with the variable libpq reads where the URL has none. */
const variables = {
  user: "PGUSER",
  password: "PGPASSWORD",
  host: "PGHOST",
  hostaddr: "PGHOSTADDR",
  port: "PGPORT",
  dbname: "PGDATABASE",
  options: "PGOPTIONS",
  connect_timeout: "PGCONNECT_TIMEOUT",
  passfile: "PGPASSFILE",
  sslmode: "PGSSLMODE",
  sslrootcert: "PGSSLROOTCERT",
  sslcert: "PGSSLCERT",
  sslkey: "PGSSLKEY",
} as const;

/** Options without a meaning for what is done here. */
const withoutEffect = new Set([
  "application_name",
  "fallback_application_name",
  "client_encoding",
  "gssencmode",
  "keepalives",
  "keepalives_count",
  "keepalives_idle",
  "keepalives_interval",
  "krbsrvname",
  "load_balance_hosts",
  "sslcompression",
  "sslsni",
  "tcp_user_timeout",
]);

const modes: readonly string[] = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

/**
 * A server's URL as libpq reads it, with a SQLAlchemy driver (`postgresql+psycopg2://`) and Celery's `db+` taken off. What
 * the URL leaves out comes from libpq's variables. ToolError COMMAND_USAGE for what is no URL of PostgreSQL, several
 * hosts, or an option that cannot be honoured (`service`, `sslcrl`, `require_auth`, ...); the password is in no message.
 */
export function parseServerUrl(url: string, env: Readonly<Record<string, string | undefined>>): ServerUrl {
  const plain = url.trim().replace(/^(?:db\+)?(postgres(?:ql)?)(?:\+\w+)?:\/\//, "$1://");
  const parsed = parseLibpqUrl(plain);
  if (parsed === undefined) throw refusal("It does not begin with postgresql://.");
  if (parsed.fault !== undefined) throw refusal(`${withoutValues(parsed.fault)}.`);
  const { options } = parsed;
  for (const name of Object.keys(options)) {
    if (!(name in variables) && !withoutEffect.has(name)) throw refusal(`The option ${name} is not supported here.`);
  }
  const value = (name: keyof typeof variables): string | undefined => {
    const found = options[name] ?? env[variables[name]];
    return found === "" ? undefined : found;
  };
  const [host, address] = [value("host"), value("hostaddr")];
  const port = value("port") ?? "5432";
  if ([host, address, port].some((text) => text?.includes(",") === true)) {
    throw refusal("It names several hosts: name the one that takes writes.");
  }
  if (!/^\d+$/.test(port) || Number(port) < 1 || Number(port) > 65_535) throw refusal(`The port ${port} is no port.`);
  const seconds = Number(value("connect_timeout") ?? 0);
  return {
    host: host ?? address,
    address,
    port: Number(port),
    user: value("user"),
    password: value("password"),
    database: value("dbname"),
    tls: tlsOf(value, host),
    options: value("options"),
    connectTimeoutMs: seconds > 0 ? Math.max(seconds, 2) * 1000 : undefined,
    passwordFile: value("passfile"),
  };
}

function tlsOf(
  value: (name: keyof typeof variables) => string | undefined,
  host: string | undefined,
): SqlTls | undefined {
  const mode = value("sslmode") ?? "prefer";
  if (!modes.includes(mode)) throw refusal(`sslmode=${mode} is none of ${modes.join(", ")}.`);
  if (mode === "disable") return undefined;
  const [root, certificate, key] = [value("sslrootcert"), value("sslcert"), value("sslkey")];
  // libpq: a root certificate makes `require` check it, and `system` wants the name checked too.
  const asked = mode === "require" && root !== undefined ? "verify-ca" : mode;
  return {
    mode: (root === "system" ? "verify-full" : asked) as SqlTls["mode"],
    ...(root === undefined || root === "system" ? {} : { rootCertificateFile: root }),
    ...(certificate === undefined ? {} : { certificateFile: certificate }),
    ...(key === undefined ? {} : { keyFile: key }),
    ...(host === undefined ? {} : { serverName: host }),
  };
}

/** Faults quote what is written, which may be a password that was not encoded. */
function withoutValues(fault: string): string {
  return fault.replace(/: ".*"$/s, "");
}

function refusal(why: string): ToolError {
  return new ToolError("COMMAND_USAGE", `The server's URL cannot be used. ${why}`, {
    hint: "Write it as postgresql://USER@HOST:5432/DATABASE and give the password in PGPASSWORD.",
  });
}
