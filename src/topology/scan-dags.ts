import { join } from "node:path";

import type { Project } from "../compose/project.ts";
import type { Sources } from "../ports/sources.ts";
import type { ServiceRole } from "./topology.ts";

/** What the DAG files of a service say that matters to who runs them. */
export interface DagFacts {
  /** Distributions of the providers they import, beyond those that are always installed. */
  readonly providers: readonly string[];
  /** Lines with an absolute path of the container in a string: the native engine does not map user code. */
  readonly paths: readonly { readonly file: string; readonly line: number; readonly path: string }[];
}

const limits = { files: 500, depth: 6 };

/** Reads the bind-mounted dags folder of an Airflow service. Empty facts where there is none. */
export function scanDags(project: Project, role: ServiceRole, sources: Sources): DagFacts {
  const folder = findDagsFolder(project, role);
  const texts = folder === undefined ? [] : readPythonFiles(folder, sources);
  const providers = new Set(texts.flatMap(({ text }) => findProviders(text, role.version ?? "")));
  const targets = (project.services[role.service]?.volumes ?? []).map((mount) => mount.target);
  return {
    providers: [...providers].toSorted(),
    paths: texts.flatMap(({ file, text }) => findContainerPaths(text, targets).map((found) => ({ file, ...found }))),
  };
}

function findDagsFolder(project: Project, role: ServiceRole): string | undefined {
  if (role.base?.product !== "airflow") return undefined;
  const home = role.environment["AIRFLOW_HOME"] ?? "/opt/airflow";
  const inside = role.environment["AIRFLOW__CORE__DAGS_FOLDER"] ?? `${home}/dags`;
  const mount = project.services[role.service]?.volumes.find(
    ({ type, target }) => type === "bind" && (inside === target || inside.startsWith(`${target}/`)),
  );
  return mount?.source === undefined ? undefined : join(mount.source, inside.slice(mount.target.length));
}

function readPythonFiles(folder: string, sources: Sources): { file: string; text: string }[] {
  const found: { file: string; text: string }[] = [];
  const visit = (directory: string, depth: number): void => {
    for (const name of sources.list(directory)) {
      const path = join(directory, name);
      if (found.length >= limits.files || name.startsWith(".") || name === "__pycache__") continue;
      if (name.endsWith(".py")) {
        const read = sources.read(path);
        if (read.kind === "file") found.push({ file: path, text: new TextDecoder().decode(read.bytes) });
      } else if (depth < limits.depth && sources.kindOf(path) === "directory") visit(path, depth + 1);
    }
  };
  visit(folder, 0);
  return found;
}

/** Namespaces whose providers have a second part: `airflow.providers.cncf.kubernetes`. */
const namespaces = new Set(["apache", "atlassian", "cncf", "common", "dbt", "microsoft"]);
/** Installed with every environment, or part of a 2.x core. */
const alwaysThere = new Set(["common-sql", "common-io", "common-compat", "fab", "postgres", "smtp", "standard"]);
const inTwo = new Set(["ftp", "http", "imap", "sqlite"]);

/** Provider distributions of the `airflow.providers` modules that a Python file imports. */
export function findProviders(text: string, airflowVersion: string): readonly string[] {
  const names = new Set<string>();
  for (const match of text.matchAll(/^\s*(?:from|import)\s+airflow\.providers\.(\w+)(?:\.(\w+))?/gm)) {
    const [, first = "", second] = match;
    const name = (namespaces.has(first) && second !== undefined ? `${first}-${second}` : first).replaceAll("_", "-");
    const isThere = alwaysThere.has(name) || (airflowVersion.startsWith("2.") && inTwo.has(name));
    if (!isThere) names.add(`apache-airflow-providers-${name}`);
  }
  return [...names];
}

/** String literals that are a path below `/opt/airflow` or below a mount of the service. */
export function findContainerPaths(text: string, mounts: readonly string[]): readonly { line: number; path: string }[] {
  const prefixes = ["/opt/airflow", ...mounts];
  return text.split(/\r?\n/).flatMap((source, index) => {
    if (/^\s*#/.test(source)) return [];
    return [...source.matchAll(/(["'])(\/[^"'\s]*)\1/g)]
      .map((match) => match[2] ?? "")
      .filter((path) => prefixes.some((prefix) => path === prefix || path.startsWith(`${prefix}/`)))
      .map((path) => ({ line: index + 1, path }));
  });
}
