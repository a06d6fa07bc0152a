import { loadProject } from "../../src/compose/load-project.ts";
import type { Project } from "../../src/compose/project.ts";
import { resolveTopology } from "../../src/topology/resolve-topology.ts";
import type { Topology } from "../../src/topology/topology.ts";
import { memorySources } from "./memory-sources.ts";
import { requestFor } from "./request-for.ts";

/** The topology of `/p/compose.yaml` with this text, and of other files by path. */
export function topologyOf(
  compose: string,
  more: Readonly<Record<string, string>> = {},
): Topology & { readonly project: Project } {
  const sources = memorySources({ "compose.yaml": compose, ...more });
  const project = loadProject(sources, requestFor());
  return { ...resolveTopology(project, sources), project };
}
