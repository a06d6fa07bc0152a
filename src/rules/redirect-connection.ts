import type { Fix, TextEdit } from "../core/fix.ts";
import type { DatabaseServer, WrittenAddress } from "../topology/topology.ts";
import { replacePart } from "./replace-part.ts";
import type { Subject } from "./rule.ts";
import { touchedPaths } from "./touched-paths.ts";

/** Connects an address to a PostgreSQL service by its name, and to its port where another one is written. */
export function redirectConnection(
  subject: Subject,
  address: WrittenAddress & { readonly port: number | undefined },
  server: Pick<DatabaseServer, "service" | "port">,
): Fix | undefined {
  const spans = address.url?.spans;
  if (spans?.host === undefined) return undefined;
  const host = replacePart(subject, address, spans.host, server.service);
  const isPortWrong = spans.port !== undefined && address.port !== server.port;
  const port =
    spans.port !== undefined && isPortWrong ? replacePart(subject, address, spans.port, `${server.port}`) : [];
  if (host === undefined || port === undefined) return undefined;
  const edits: TextEdit[] = [...host, ...port];
  const target = isPortWrong ? `${server.service}:${server.port}` : server.service;
  return {
    class: "behaviour",
    title: `Connect ${address.service} to ${target} instead of ${writtenHost(address, isPortWrong)}`,
    edits,
    touches: touchedPaths(subject.project, edits),
  };
}

function writtenHost({ url, port }: WrittenAddress & { readonly port: number | undefined }, withPort: boolean): string {
  return withPort ? `${url?.host}:${port}` : `${url?.host}`;
}
