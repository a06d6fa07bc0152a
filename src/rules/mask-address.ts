import type { UrlSpan } from "../topology/parse-database-url.ts";
import type { WrittenAddress } from "../topology/topology.ts";

/** `postgresql+psycopg2://airflow:***@airflow:5432/airflow`; undefined for a text whose parts are not known. */
export function maskAddress({ text: { text }, url }: WrittenAddress): string | undefined {
  if (url === undefined) return undefined;
  const secrets: UrlSpan[] = url.queryItems
    .filter(({ name }) => /pass|secret|token|key/i.test(name))
    .map(({ name, span: [start, end] }) => [start + name.length + 1, end]);
  const password = passwordRange(url);
  if (password !== undefined) secrets.push(password);
  return secrets
    .toSorted((left, right) => right[0] - left[0])
    .reduce((masked, [start, end]) => `${masked.slice(0, start)}***${masked.slice(end)}`, text);
}

/**
 * What was meant to be the password: up to the last `@` before the path, although SQLAlchemy ends it at the first one and
 * takes the rest for the host. Undefined where there is none, or an empty one.
 */
export function passwordRange(url: NonNullable<WrittenAddress["url"]>): UrlSpan | undefined {
  const { password, host } = url.spans;
  if (password === undefined) return undefined;
  const strayEnd = host === undefined ? -1 : (url.host ?? "").lastIndexOf("@");
  const end = host === undefined || strayEnd < 0 ? password[1] : host[0] + strayEnd;
  return end > password[0] ? [password[0], end] : undefined;
}
