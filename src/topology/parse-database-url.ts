/** A SQLAlchemy database URL in its parts. String indices of each part tell where to edit. */
export interface DatabaseUrl {
  /** e.g. `postgresql+psycopg2`, `db+postgresql`, `sqlite`. */
  readonly scheme: string;
  /** e.g. `postgresql` of `postgresql+psycopg2` and of `db+postgresql`. */
  readonly dialect: string;
  readonly driver: string | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly database: string | undefined;
  readonly query: Readonly<Record<string, string>>;
  /** [start, end) of `host[:port]` in the text. */
  readonly hostSpan: readonly [number, number];
}

/**
 * Parses a URL as `sqlalchemy.engine.make_url` does (2.0 `_parse_url`): the user ends at the first `:`, the password at
 * the first `@`, user and password are percent-decoded, the database is not. Celery's `db+` prefix is taken off the
 * dialect. Returns undefined for text that is no URL of this form.
 */
export function parseDatabaseUrl(text: string): DatabaseUrl | undefined {
  const match =
    /^(?<scheme>[\w+]+):\/\/(?:(?<user>[^:/]*)(?::(?<password>[^@]*))?@)?(?<address>(?:\[[^/\]]*\]|[^/:?]*)(?::[^/?]*)?)?(?:\/(?<database>[^?]*))?(?:\?(?<query>.*))?$/s.exec(
      text,
    );
  const groups = match?.groups;
  if (groups === undefined) return undefined;
  const scheme = groups["scheme"] ?? "";
  const parts = scheme.replace(/^db\+/, "").split("+");
  const address = groups["address"] ?? "";
  const bracket = /^\[([^\]]*)\](?::(.*))?$/.exec(address);
  const [host = "", port] = bracket === null ? splitAddress(address) : [bracket[1], bracket[2]];
  const addressStart = text.indexOf(address, scheme.length + 3 + credentialsLength(groups));
  return {
    scheme,
    dialect: parts[0] ?? "",
    driver: parts[1],
    user: decode(groups["user"]),
    password: decode(groups["password"]),
    host: host === "" ? undefined : host,
    port: port === undefined || !/^\d+$/.test(port) ? undefined : Number(port),
    database: groups["database"] === "" ? undefined : groups["database"],
    query: Object.fromEntries(new URLSearchParams(groups["query"] ?? "")),
    hostSpan: [addressStart, addressStart + address.length],
  };
}

/** All database URLs that stand inside a longer text (a command, a script), with their places. */
export function findDatabaseUrls(
  text: string,
): readonly { readonly start: number; readonly end: number; readonly url: DatabaseUrl }[] {
  const found: { start: number; end: number; url: DatabaseUrl }[] = [];
  for (const match of text.matchAll(/\b(?:db\+)?(?:postgres|postgresql)(?:\+\w+)?:\/\/[^\s"'`;|<>]+/g)) {
    const url = parseDatabaseUrl(match[0]);
    if (url !== undefined) found.push({ start: match.index, end: match.index + match[0].length, url });
  }
  return found;
}

function credentialsLength(groups: Record<string, string>): number {
  if (groups["user"] === undefined) return 0;
  return groups["user"].length + (groups["password"] === undefined ? 0 : groups["password"].length + 1) + 1;
}

function splitAddress(address: string): [string, string | undefined] {
  const at = address.lastIndexOf(":");
  return at < 0 ? [address, undefined] : [address.slice(0, at), address.slice(at + 1)];
}

function decode(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
