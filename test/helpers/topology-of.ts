import { loadProject } from "../../src/compose/load-project.ts";
import type { Project } from "../../src/compose/project.ts";
import type { Sources } from "../../src/ports/sources.ts";
import { resolveTopology } from "../../src/topology/resolve-topology.ts";
import type { Topology } from "../../src/topology/topology.ts";

/** Sources over texts by absolute path. */
export function sourcesOf(texts: Readonly<Record<string, string>>): Sources {
  const paths = Object.keys(texts);
  return {
    read: (path) => {
      const text = texts[path];
      return text === undefined
        ? { kind: "missing", path }
        : { kind: "file", path, bytes: new TextEncoder().encode(text) };
    },
    kindOf: (path) =>
      path in texts ? "file" : paths.some((one) => one.startsWith(`${path}/`)) ? "directory" : "missing",
    list: (path) =>
      [
        ...new Set(
          paths
            .filter((one) => one.startsWith(`${path}/`))
            .map((one) => one.slice(path.length + 1).split("/")[0] ?? ""),
        ),
      ].toSorted(),
  };
}

/** The topology of `/p/compose.yaml` with this text, and of other files by absolute path. */
export function topologyOf(
  compose: string,
  more: Readonly<Record<string, string>> = {},
): Topology & { readonly project: Project } {
  const sources = sourcesOf({ "/p/compose.yaml": compose, ...more });
  const project = loadProject(sources, {
    cwd: "/p",
    files: [],
    projectName: undefined,
    projectDirectory: undefined,
    profiles: [],
    envFiles: [],
    env: {},
  });
  return { ...resolveTopology(project, sources), project };
}
