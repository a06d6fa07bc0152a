import type { DatabaseServer } from "../topology/topology.ts";
import type { Subject } from "./rule.ts";

/** The init script of a server that sets a `search_path`, so that `public` is not where tables go; undefined: none does. */
export function setsSearchPath({ sources }: Subject, { initScripts }: DatabaseServer): string | undefined {
  return initScripts.find(({ file }) => {
    const read = file === undefined ? undefined : sources.read(file);
    return read?.kind === "file" && /search_path/i.test(new TextDecoder().decode(read.bytes));
  })?.target;
}
