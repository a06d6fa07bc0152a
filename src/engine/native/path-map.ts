/** Container paths and the paths of this machine they stand for. */
export interface PathMap {
  /** Maps one absolute container path; relative paths come back as they are. */
  map(path: string): string;
  /**
   * Maps every absolute path that stands as a word, a value or a `file://` or `sqlite:///` URL in a text. `write` says how
   * a mapped path is written at its place (index in `text`); as it is when absent.
   */
  mapText(text: string, write?: (path: string, at: number) => string): string;
}

/** Top directories that mean the same natively: programs, devices, the kernel's own. */
const shared = new Set(["usr", "bin", "sbin", "lib", "lib64", "lib32", "etc", "dev", "proc", "sys"]);

/**
 * The map of one unit. `mounts` are exact container directories or files with their host places (longest wins); every
 * other path outside the shared system directories lies below `root`, the unit's own file tree.
 */
export function createPathMap(
  root: string,
  mounts: readonly { readonly target: string; readonly source: string }[],
): PathMap {
  const sorted = mounts.toSorted((a, b) => b.target.length - a.target.length);
  const own = [root, ...mounts.map((mount) => mount.source)];

  const map = (path: string): string => {
    if (!path.startsWith("/") || path === "/") return path === "/" ? root : path;
    for (const { target, source } of sorted) {
      if (path === target) return source;
      if (path.startsWith(target.endsWith("/") ? target : `${target}/`))
        return source + path.slice(target.replace(/\/$/, "").length);
    }
    if (own.some((prefix) => path === prefix || path.startsWith(`${prefix}/`))) return path;
    return shared.has(path.split("/")[1] ?? "") ? path : root + path;
  };

  const mapText: PathMap["mapText"] = (text, write = (path) => path) =>
    text.replace(
      /(^|[\s"'`=,;(:<>|&]|file:\/\/|sqlite:\/\/\/)(\/(?!\/)[\p{L}\p{N}._+@%-]+(?:\/[\p{L}\p{N}._+@%-]+)*\/?)/gu,
      (whole, before: string, path: string, offset: number) => {
        // `http://host:5000/path`: a slash after a port belongs to the URL.
        if (before === ":" && /\w:$/.test(text.slice(0, offset + 1)) && /:\/\/[^\s/]*$/.test(text.slice(0, offset)))
          return whole;
        const place = map(path);
        return before + (place === path ? path : write(place, offset + before.length));
      },
    );

  return { map, mapText };
}
