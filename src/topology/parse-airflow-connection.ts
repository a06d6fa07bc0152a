import { parseDatabaseUrl, type DatabaseUrl, type UrlPart, type UrlSpan } from "./parse-database-url.ts";

/**
 * The value of an AIRFLOW_CONN_* variable: a JSON object, or a URI as `airflow.models.Connection` reads it. There the
 * login ends at the last `@` before the path, and `https://` as a host's own scheme is allowed after the type.
 */
export function parseAirflowConnection(text: string): DatabaseUrl | undefined {
  return text.trimStart().startsWith("{") ? parseJson(text) : parseUri(text);
}

function parseUri(text: string): DatabaseUrl | undefined {
  const scheme = /^[\w.+-]+(?=:\/\/)/.exec(text)?.[0];
  if (scheme === undefined) return undefined;
  const from = scheme.length + 3;
  const authority = /^[^/?#]*/.exec(text.slice(from))?.[0] ?? "";
  const login = authority.lastIndexOf("@");
  const colon = authority.slice(0, Math.max(login, 0)).indexOf(":");
  // Parsed without the login, so that a raw `@` in a password ends where Airflow ends it.
  const parsed = parseDatabaseUrl(
    `${scheme.replaceAll(/[.-]/g, "_")}://${authority.slice(login + 1)}${text.slice(from + authority.length)}`,
  );
  if (parsed === undefined) return undefined;
  const shift = from + login + 1 - (scheme.length + 3);
  const move = ([start, end]: UrlSpan): UrlSpan => [start + shift, end + shift];
  const spans: Partial<Record<UrlPart, UrlSpan>> = {};
  for (const [part, span] of Object.entries(parsed.spans) as [UrlPart, UrlSpan][]) spans[part] = move(span);
  spans.scheme = [0, scheme.length];
  const hasLogin = login >= 0;
  const userEnd = colon < 0 ? login : colon;
  if (hasLogin) spans.user = [from, from + userEnd];
  if (hasLogin && colon >= 0) spans.password = [from + colon + 1, from + login];
  return {
    ...parsed,
    scheme,
    dialect: scheme,
    driver: undefined,
    user: hasLogin ? decode(authority.slice(0, userEnd)) : undefined,
    password: hasLogin && colon >= 0 ? decode(authority.slice(colon + 1, login)) : undefined,
    host: parsed.host === undefined ? undefined : decode(parsed.host),
    queryItems: parsed.queryItems.map((item) => ({ ...item, span: move(item.span) })),
    hostSpan: move(parsed.hostSpan),
    spans,
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const jsonKeys: readonly (readonly [key: string, part: UrlPart])[] = [
  ["conn_type", "scheme"],
  ["login", "user"],
  ["password", "password"],
  ["host", "host"],
  ["port", "port"],
  ["schema", "database"],
];

function parseJson(text: string): DatabaseUrl | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const spans: Partial<Record<UrlPart, UrlSpan>> = {};
  const parts: Partial<Record<UrlPart, string>> = {};
  for (const [key, part] of jsonKeys) {
    const written = (value as Record<string, unknown>)[key];
    if (typeof written !== "string" && typeof written !== "number") continue;
    parts[part] = String(written);
    const place = new RegExp(`"${key}"\\s*:\\s*"?`).exec(text);
    if (place !== null && text.startsWith(String(written), place.index + place[0].length)) {
      const start = place.index + place[0].length;
      spans[part] = [start, start + String(written).length];
    }
  }
  const port = parts.port;
  return {
    scheme: parts.scheme ?? "",
    dialect: parts.scheme ?? "",
    driver: undefined,
    user: parts.user,
    password: parts.password,
    host: parts.host === "" ? undefined : parts.host,
    port: port !== undefined && /^\d+$/.test(port) ? Number(port) : undefined,
    database: parts.database,
    query: {},
    queryItems: [],
    hostSpan: spans.host ?? [0, 0],
    spans,
    invalidPort: port !== undefined && port !== "" && !/^\d+$/.test(port) ? port : undefined,
  };
}
