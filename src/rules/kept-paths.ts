import { cleanPath, resolvePath } from "../compose/paths.ts";
import type { Mount } from "../compose/project.ts";
import type { Subject } from "./rule.ts";

/** The mount of a service that holds a path of its container, the deepest one; undefined: the container itself. */
export function mountOf({ project }: Pick<Subject, "project">, service: string, path: string): Mount | undefined {
  const clean = cleanPath(path);
  return (project.services[service]?.volumes ?? [])
    .filter(({ target }) => isBelow(clean, cleanPath(target)))
    .toSorted((left, right) => right.target.length - left.target.length)[0];
}

/** True when a path lies in a named volume or a directory of the host, which outlive the container. */
export function isKeptPath(subject: Pick<Subject, "project">, service: string, path: string): boolean {
  const mount = mountOf(subject, service, path);
  return mount?.type === "bind" || (mount?.type === "volume" && mount.source !== undefined);
}

/** Where a path of one service is on the host or in a volume, to compare services; undefined: in no mount. */
export function sharedPlace(subject: Pick<Subject, "project">, service: string, path: string): string | undefined {
  const mount = mountOf(subject, service, path);
  if (mount?.source === undefined || (mount.type !== "bind" && mount.type !== "volume")) return undefined;
  const rest = cleanPath(path).slice(cleanPath(mount.target).length);
  const subpath = JSON.stringify(mount.other);
  return `${mount.type}:${cleanPath(`${mount.source}${rest}`)}:${mount.type === "volume" ? subpath : ""}`;
}

/** A path that a program of the service was given, as its container sees it. */
export function containerPath({ topology, project }: Subject, service: string, path: string): string {
  const role = topology.services[service];
  const directory =
    project.services[service]?.working_dir ??
    role?.dockerfile?.workingDirectory ??
    role?.behaviour?.workingDirectory ??
    "/";
  return cleanPath(resolvePath(directory, path));
}

/** The path of a local store (`./mlruns`, `file:///x`, `/x`); undefined for a store elsewhere (`s3://`, `mlflow-artifacts:`). */
export function localPath(uri: string): string | undefined {
  if (/^(?!file:)[A-Za-z][\w+.-]*:/.test(uri)) return undefined;
  return uri.replace(/^file:(\/\/(localhost)?)?/, "");
}

function isBelow(path: string, target: string): boolean {
  return path === target || path.startsWith(target === "/" ? "/" : `${target}/`);
}
