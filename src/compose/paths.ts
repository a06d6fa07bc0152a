/** POSIX path arithmetic without touching a file system; project paths are always POSIX here. */

/** Go's path.Clean: no doubled or trailing slashes, `.` and `..` resolved. */
export function cleanPath(path: string): string {
  const rooted = path.startsWith("/");
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (!rooted) parts.push("..");
  }
  const joined = parts.join("/");
  return rooted ? `/${joined}` : joined === "" ? "." : joined;
}

export function isAbsolutePath(path: string): boolean {
  return path.startsWith("/");
}

/** `path` seen from `base`; an absolute path stays. */
export function resolvePath(base: string, path: string): string {
  return isAbsolutePath(path) ? cleanPath(path) : cleanPath(`${base}/${path}`);
}

export function parentPath(path: string): string {
  const clean = cleanPath(path);
  const slash = clean.lastIndexOf("/");
  return slash <= 0 ? "/" : clean.slice(0, slash);
}

export function baseName(path: string): string {
  const clean = cleanPath(path);
  return clean.slice(clean.lastIndexOf("/") + 1);
}
