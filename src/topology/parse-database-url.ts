/** A part of a URL that has a place of its own; `query` is all that follows the `?`. */
export type UrlPart = "scheme" | "user" | "password" | "host" | "port" | "database" | "query";

/** [start, end) in UTF-16 units of the parsed text. */
export type UrlSpan = readonly [number, number];

/** A SQLAlchemy database URL in its parts, with where each stands. Values are decoded, spans are of what is written. */
export interface DatabaseUrl {
  /** e.g. `postgresql+psycopg2`, `db+postgresql`, `sqlite`. */
  readonly scheme: string;
  /** e.g. `postgresql` of `postgresql+psycopg2` and of `db+postgresql`. */
  readonly dialect: string;
  readonly driver: string | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** Without brackets. */
  readonly host: string | undefined;
  /** Undefined when there is none or it is no number. */
  readonly port: number | undefined;
  /** Undefined where it is blank, too. */
  readonly database: string | undefined;
  /** Values by name; a name that repeats keeps its last value. Blank values are left out, as SQLAlchemy does. */
  readonly query: Readonly<Record<string, string>>;
  /** Each `name=value` of the query with its place. */
  readonly queryItems: readonly { readonly name: string; readonly value: string; readonly span: UrlSpan }[];
  /** Place of `host[:port]`; empty where there is none. */
  readonly hostSpan: UrlSpan;
  /** Places of the parts that are written, brackets of an address left out. */
  readonly spans: Readonly<Partial<Record<UrlPart, UrlSpan>>>;
  /** What stands after the `:` and is no number, possibly nothing: SQLAlchemy raises ValueError. */
  readonly invalidPort: string | undefined;
}

const pattern = new RegExp(
  [
    /^(?<scheme>[\p{L}\p{N}_+]+):\/\//u,
    /(?:(?<user>[^:/]*)(?::(?<password>[^@]*))?@)?/u,
    /(?<address>(?:\[(?<six>[^/?]+)\]|(?<host>[^/:?]+))?(?::(?<port>[^/?]*))?)?/u,
    /(?:\/(?<database>[^?]*))?/u,
    /(?:\?(?<query>.*))?/u,
  ]
    .map((part) => part.source)
    .join(""),
  "du",
);

/**
 * Parses a URL as `sqlalchemy.engine.make_url` does (`_parse_url`, same expression in 1.4 to 2.1): the user ends at the
 * first `:` or the last `@` before one, the password at the first `@`; user and password are percent-decoded, the
 * database too (from 2.1 on). What follows a match is ignored, as there. Celery's `db+` prefix is taken off the dialect.
 * Returns undefined for text that is no URL of this form ("Could not parse SQLAlchemy URL").
 */
export function parseDatabaseUrl(text: string): DatabaseUrl | undefined {
  const match = pattern.exec(text);
  const groups = match?.groups;
  const places = match?.indices?.groups;
  if (groups === undefined || places === undefined) return undefined;
  const scheme = groups["scheme"] ?? "";
  const parts = scheme.replace(/^db\+/, "").split("+");
  const host = groups["host"] ?? groups["six"];
  const port = groups["port"];
  const isNumber = port !== undefined && /^\s*[+]?\d+\s*$/.test(port);
  const queryStart = places["query"]?.[0] ?? 0;
  const queryItems = splitQuery(groups["query"] ?? "", queryStart);
  const hostPlace = places["host"] ?? places["six"];
  return {
    scheme,
    dialect: parts[0] ?? "",
    driver: parts[1],
    user: decode(groups["user"]),
    password: decode(groups["password"]),
    host: host === "" ? undefined : host,
    port: isNumber ? Number(port) : undefined,
    database: groups["database"] === "" ? undefined : decode(groups["database"]),
    query: Object.fromEntries(queryItems.filter(({ value }) => value !== "").map(({ name, value }) => [name, value])),
    queryItems,
    hostSpan: places["address"] ?? [0, 0],
    spans: {
      ...spanOf("scheme", places["scheme"]),
      ...spanOf("user", places["user"]),
      ...spanOf("password", places["password"]),
      ...spanOf("host", hostPlace),
      ...spanOf("port", places["port"]),
      ...spanOf("database", places["database"]),
      ...spanOf("query", places["query"]),
    },
    invalidPort: port !== undefined && !isNumber ? port : undefined,
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

function spanOf(part: UrlPart, place: [number, number] | undefined): Partial<Record<UrlPart, UrlSpan>> {
  return place === undefined ? {} : { [part]: place };
}

/** As Python's `parse_qsl`: items between `&`, the value after the first `=`, `+` a blank; no `=` is no value. */
function splitQuery(query: string, from: number): { name: string; value: string; span: UrlSpan }[] {
  const items: { name: string; value: string; span: UrlSpan }[] = [];
  let start = from;
  for (const item of query.split("&")) {
    const equals = item.indexOf("=");
    const name = decodeForm(equals < 0 ? item : item.slice(0, equals));
    if (item !== "") {
      const value = equals < 0 ? "" : decodeForm(item.slice(equals + 1));
      items.push({ name, value, span: [start, start + item.length] });
    }
    start += item.length + 1;
  }
  return items;
}

function decodeForm(text: string): string {
  return decode(text.replaceAll("+", " ")) ?? "";
}

/** Python's `unquote`: a `%` without two hexadecimal digits stays, invalid UTF-8 becomes U+FFFD. */
function decode(text: string | undefined): string | undefined {
  return text?.replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) => {
    const bytes = run.match(/[0-9A-Fa-f]{2}/g)?.map((pair) => Number.parseInt(pair, 16)) ?? [];
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(bytes));
  });
}
