import type { DatabaseServer } from "../topology/topology.ts";
import type { Subject } from "./rule.ts";

/**
 * The init script of a server that sets a `search_path` for a role or database in a way that could not be read, so that
 * nobody knows where tables go; undefined: none does.
 */
export function setsSearchPath({ sources }: Subject, server: DatabaseServer): string | undefined {
  if (server.searchPaths.length > 0) return undefined;
  return server.initScripts.find(({ file }) => {
    const read = file === undefined ? undefined : sources.read(file);
    const text = read?.kind === "file" ? new TextDecoder().decode(read.bytes) : "";
    return /\balter\s+(?:role|user|database)\b[^;]*\bsearch_path\b/i.test(text);
  })?.target;
}
