import type { Project, Service } from "../compose/project.ts";
import { cleanPath, parentPath, baseName, resolvePath } from "../compose/paths.ts";
import type { Sources } from "../ports/sources.ts";
import type { Dockerfile } from "./parse-dockerfile.ts";
import { readSource } from "./read-source.ts";
import { traceValue, type TracedText } from "./traced-text.ts";

/** What a path of a container holds, as far as the project tells. */
export type ContainerFile =
  /** `file`: the host's path; undefined: content that the Compose file itself holds. */
  | { readonly kind: "text"; readonly text: TracedText; readonly file: string | undefined; readonly from: FileOrigin }
  /** It is mounted or copied, and not there (a missing bind file becomes a directory). */
  | { readonly kind: "missing"; readonly reason: string }
  /** Nothing in the project brings it: the image may hold it, or a volume. */
  | { readonly kind: "unknown"; readonly reason: string };

export type FileOrigin = "mount" | "image" | "config";

export interface ContainerFiles {
  read(path: string): ContainerFile;
  /** Names in a directory that mounts, configs and COPY lines bring, sorted; with whether something unread is there. */
  list(path: string): { readonly names: readonly string[]; readonly unread: readonly string[] };
}

/** The files of a service's container: bind mounts, configs, secrets, and what its Dockerfile copies from the context. */
export function containerFiles(
  project: Project,
  service: Service,
  dockerfile: Dockerfile | undefined,
  sources: Sources,
): ContainerFiles {
  const mounts = service.volumes.toSorted((a, b) => b.target.length - a.target.length);
  const copied = dockerfile === undefined ? [] : listCopies(dockerfile, service.build?.context ?? "", sources);

  function read(wanted: string): ContainerFile {
    const path = cleanPath(wanted);
    const given = readGiven(project, service, path, sources);
    if (given !== undefined) return given;
    const mount = mounts.find(({ target }) => isBelow(path, target));
    if (mount !== undefined) {
      if (mount.type !== "bind" || mount.source === undefined)
        return { kind: "unknown", reason: `${path} lies in the volume ${mount.source ?? mount.target}` };
      return readHost(`${mount.source}${path.slice(cleanPath(mount.target).length)}`, "mount", sources);
    }
    const copy = copied.findLast(({ target }) => isBelow(path, target));
    if (copy !== undefined) {
      const found = readHost(`${copy.source}${path.slice(copy.target.length)}`, "image", sources);
      if (found.kind === "text" || path === copy.target) return found;
    }
    return { kind: "unknown", reason: `${path} is part of the image` };
  }

  function list(directory: string): { names: readonly string[]; unread: readonly string[] } {
    const path = cleanPath(directory);
    const names = new Set<string>();
    const unread: string[] = [];
    const add = (target: string): void => {
      if (parentPath(target) === path) names.add(baseName(target));
    };
    for (const mount of mounts) {
      const target = cleanPath(mount.target);
      if (target !== path) add(target);
      else if (mount.type !== "bind") unread.push(`${path} is the volume ${mount.source ?? "without a name"}`);
      else for (const name of sources.list(mount.source ?? "")) names.add(name);
    }
    for (const one of [...service.configs, ...service.secrets]) add(cleanPath(one.target));
    if (mounts.some((mount) => cleanPath(mount.target) === path)) return { names: [...names].toSorted(), unread };
    for (const { source, target } of copied) {
      if (target === path) for (const name of sources.list(source)) names.add(name);
      else add(target);
    }
    return { names: [...names].toSorted(), unread };
  }

  return { read, list };
}

function isBelow(path: string, target: string): boolean {
  const clean = cleanPath(target);
  return path === clean || path.startsWith(clean === "/" ? "/" : `${clean}/`);
}

function readHost(file: string, from: FileOrigin, sources: Sources): ContainerFile {
  const kind = sources.kindOf(file);
  const text = kind === "file" ? readSource(file, sources) : undefined;
  if (text !== undefined) return { kind: "text", text, file, from };
  return kind === "missing"
    ? { kind: "missing", reason: `${file} is missing` }
    : { kind: "unknown", reason: `${file} cannot be read` };
}

/** A config or secret mounted at exactly this path. */
function readGiven(project: Project, service: Service, path: string, sources: Sources): ContainerFile | undefined {
  for (const [kind, list, all] of [
    ["configs", service.configs, project.configs],
    ["secrets", service.secrets, project.secrets],
  ] as const) {
    const mount = list.find((one) => cleanPath(one.target) === path);
    const source = mount === undefined ? undefined : all[mount.source];
    if (mount === undefined || source === undefined) continue;
    if (source.file !== undefined) return readHost(source.file, "config", sources);
    const text = source.content ?? source.value;
    if (text === undefined) return { kind: "unknown", reason: `${mount.source} is given from outside the project` };
    const key = source.content === undefined ? "environment" : "content";
    const traced = traceValue(text, [kind, mount.source, key]);
    // The path holds a variable's name; the text is its value.
    return {
      kind: "text",
      text: key === "content" ? traced : wholePlace(traced, source.environment ?? ""),
      file: undefined,
      from: "config",
    };
  }
  return undefined;
}

function wholePlace(traced: TracedText, name: string): TracedText {
  return {
    text: traced.text,
    pieces: traced.pieces.map((piece) =>
      piece.place.kind === "value" ? { ...piece, place: { ...piece.place, end: name.length } } : piece,
    ),
  };
}

/** Each COPY as host path -> container path; a directory's content lands in its target. */
function listCopies(
  dockerfile: Dockerfile,
  context: string,
  sources: Sources,
): readonly { readonly source: string; readonly target: string }[] {
  return dockerfile.copies.flatMap(({ sources: written, target, directory }) => {
    const to = resolvePath(directory ?? "/", target);
    const files = written.flatMap((one) => expandGlob(resolvePath(context, one.replace(/^\/+/, "")), sources));
    const isDirectory = target.endsWith("/") || /(^|\/)\.{1,2}$/.test(target) || files.length > 1;
    return files.flatMap((source) => {
      if (sources.kindOf(source) === "directory") return [{ source, target: to }];
      const inside = { source, target: cleanPath(`${to}/${baseName(source)}`) };
      // Without a slash the target is a file, unless the image has a directory there.
      return isDirectory ? [inside] : [inside, { source, target: to }];
    });
  });
}

function expandGlob(path: string, sources: Sources): readonly string[] {
  const name = baseName(path);
  if (!/[*?]/.test(name)) return [path];
  const pattern = new RegExp(
    `^${name
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
  );
  const parent = parentPath(path);
  return sources
    .list(parent)
    .filter((one) => pattern.test(one))
    .map((one) => cleanPath(`${parent}/${one}`));
}
