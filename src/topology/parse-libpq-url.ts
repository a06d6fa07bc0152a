import { libpqOptions } from "../catalog/postgres/libpq-options.ts";
import type { UrlSpan } from "./parse-database-url.ts";

/** A URI as libpq reads it (psql, pg_isready, psycopg without SQLAlchemy). */
export interface LibpqUrl {
  /** libpq's option names: `user`, `password`, `host` and `port` (lists with commas), `dbname`, and the query's. */
  readonly options: Readonly<Record<string, string>>;
  /** Where the parts before the query are written. */
  readonly spans: Readonly<Partial<Record<"user" | "password" | "host" | "port" | "dbname", UrlSpan>>>;
  /** What libpq refuses; the rest is then not read. */
  readonly fault: string | undefined;
}

/**
 * Reads `postgresql://` and `postgres://` as libpq does (fe-connect.c, conninfo_uri_parse_options, 9.2 to 18). Unlike
 * SQLAlchemy it looks for the login only before the first `/`, takes several hosts, leaves `+` alone, and refuses bad
 * percent codes and unknown names in the query. Undefined for other schemes (a driver in the scheme is one).
 */
export function parseLibpqUrl(text: string): LibpqUrl | undefined {
  const prefix = /^postgres(?:ql)?:\/\//.exec(text)?.[0];
  if (prefix === undefined) return undefined;
  const options: Record<string, string> = {};
  const spans: Partial<Record<keyof LibpqUrl["spans"], UrlSpan>> = {};
  let at = prefix.length;
  try {
    const login = /^[^@/]*@/.exec(text.slice(at))?.[0];
    if (login !== undefined) {
      const colon = login.indexOf(":");
      const userEnd = colon < 0 ? login.length - 1 : colon;
      store("user", at, at + userEnd);
      if (colon >= 0) store("password", at + colon + 1, at + login.length - 1);
      at += login.length;
    }
    readAddresses();
    if (text[at] === "/") {
      const end = stopAt(/\?/, at + 1);
      store("dbname", at + 1, end);
      at = end;
    }
    if (text[at] === "?") readQuery(text.slice(at + 1));
    return { options, spans, fault: undefined };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { options, spans, fault: error.message };
  }

  function store(name: keyof LibpqUrl["spans"], start: number, end: number): void {
    if (start === end) return;
    options[name] = decode(text.slice(start, end));
    spans[name] = [start, end];
  }

  function stopAt(marks: RegExp, from: number): number {
    const found = text.slice(from).search(marks);
    return found < 0 ? text.length : from + found;
  }

  function readAddresses(): void {
    const hosts: string[] = [];
    const ports: string[] = [];
    for (;;) {
      const isBracketed = text[at] === "[";
      if (isBracketed) at += 1;
      const from = at;
      at = stopAt(isBracketed ? /\]/ : /[:/?,]/, at);
      hosts.push(text.slice(from, at));
      spans.host ??= [from, at];
      if (isBracketed) {
        if (at >= text.length)
          throw new Refusal('end of string reached when looking for matching "]" in IPv6 host address');
        if (at === from) throw new Refusal("IPv6 host address may not be empty");
        at += 1;
        if (at < text.length && !/[:/?,]/.test(text[at] ?? ""))
          throw new Refusal(`unexpected character "${text[at] ?? ""}" after an IPv6 host address`);
      }
      if (text[at] === ":") {
        const portStart = at + 1;
        at = stopAt(/[/?,]/, portStart);
        ports.push(text.slice(portStart, at));
        spans.port ??= [portStart, at];
      } else ports.push("");
      if (text[at] !== ",") break;
      at += 1;
    }
    const [host, port] = [hosts.join(","), ports.join(",")];
    if (host === "") delete spans.host;
    else options["host"] = decode(host);
    if (port === "") delete spans.port;
    else options["port"] = decode(port);
  }

  function readQuery(query: string): void {
    for (const item of query === "" ? [] : query.replace(/&$/, "").split("&")) {
      const [key = "", value, ...more] = item.split("=");
      if (value === undefined) throw new Refusal(`missing key/value separator "=" in URI query parameter: "${key}"`);
      if (more.length > 0) throw new Refusal(`extra key/value separator "=" in URI query parameter: "${key}"`);
      const [name, content] = [decode(key), decode(value)];
      if (name === "ssl" && content === "true") options["sslmode"] = "require";
      else if (libpqOptions.has(name)) options[name] = content;
      else throw new Refusal(`invalid URI query parameter: "${name}"`);
    }
  }
}

class Refusal extends Error {}

function decode(text: string): string {
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) throw new Refusal("invalid percent-encoded token");
  if (/%00/.test(text)) throw new Refusal("forbidden value %00 in percent-encoded value");
  const bytes = new TextEncoder().encode(text);
  const decoded: number[] = [];
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at] === 0x25) {
      decoded.push(Number.parseInt(String.fromCharCode(bytes[at + 1] ?? 0, bytes[at + 2] ?? 0), 16));
      at += 2;
    } else decoded.push(bytes[at] ?? 0);
  }
  return new TextDecoder().decode(Uint8Array.from(decoded));
}
