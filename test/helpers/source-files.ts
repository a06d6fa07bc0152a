import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

export interface SourceImport {
  /** As written. */
  readonly specifier: string;
  /** Path below the repository for our own files, else undefined (a package or one of Node's modules). */
  readonly target: string | undefined;
  /** Only types are imported: nothing of it is loaded. */
  readonly isType: boolean;
  /** `import("...")`: loaded when the code is reached. */
  readonly isLazy: boolean;
  /** Names that are imported, as the other module calls them. */
  readonly names: readonly string[];
}

export interface SourceFile {
  /** Path below the repository, e.g. `src/core/span.ts`. */
  readonly path: string;
  readonly text: string;
  /** The text without comments that have lines of their own. */
  readonly code: string;
  readonly lines: number;
  readonly isTest: boolean;
  readonly imports: readonly SourceImport[];
  /** Names of what the file exports itself. */
  readonly exports: readonly string[];
}

/** Every TypeScript file below `src/`, read for its imports and exports. */
export function readSourceFiles(): SourceFile[] {
  return readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readSourceFile(`src/${name}`))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function readSourceFile(path: string): SourceFile {
  const text = readFileSync(join(root, path), "utf8");
  const code = text.replaceAll(/^\s*(\/\/|\/\*|\*).*$/gm, "");
  return {
    path,
    text,
    code,
    lines: text.split("\n").length - 1,
    isTest: path.endsWith(".test.ts"),
    imports: findImports(path, code),
    exports: findExports(code),
  };
}

function findImports(path: string, code: string): SourceImport[] {
  const found: SourceImport[] = [];
  const statement = /^(?:import|export)\s+(type\s+)?([^;"'=()]*?)\s*from\s*"([^"]+)"/gm;
  for (const [, type, clause = "", specifier = ""] of code.matchAll(statement)) {
    const names = [...clause.matchAll(/(type\s+)?\b(\w+)(?:\s+as\s+\w+)?/g)];
    const isType = type !== undefined || (names.length > 0 && names.every(([, inline]) => inline !== undefined));
    found.push(
      describeImport(
        path,
        specifier,
        isType,
        false,
        names.map(([, , name = ""]) => name),
      ),
    );
  }
  for (const [, specifier = ""] of code.matchAll(/^import\s+"([^"]+)"/gm)) {
    found.push(describeImport(path, specifier, false, false, []));
  }
  for (const [, type, specifier = ""] of code.matchAll(/(typeof\s+)?\bimport\(\s*"([^"]+)"\s*\)/g)) {
    found.push(describeImport(path, specifier, type !== undefined, true, []));
  }
  return found;
}

function describeImport(
  from: string,
  specifier: string,
  isType: boolean,
  isLazy: boolean,
  names: string[],
): SourceImport {
  const target = specifier.startsWith(".") ? relative(root, join(root, dirname(from), specifier)) : undefined;
  return { specifier, target, isType, isLazy, names };
}

function findExports(code: string): string[] {
  const declared = [
    ...code.matchAll(
      /^export\s+(?:declare\s+)?(?:async\s+)?(?:abstract\s+)?(?:function\*?|const|let|class|interface|type)\s+(\w+)/gm,
    ),
  ];
  const listed = [...code.matchAll(/^export\s+(?:type\s+)?\{([^}]*)\}/gm)];
  return [
    ...declared.map(([, name = ""]) => name),
    ...listed.flatMap(([, names = ""]) => names.split(",").map((name) => name.trim().split(/\s+/).at(-1) ?? "")),
  ].filter((name) => name !== "");
}

/** Absolute path of a file of the repository. */
export function repositoryPath(path: string): string {
  return join(root, path);
}

/** The files that loading `entry` loads, following imports that load something; `lazy` also those reached later. */
export function loadedFiles(files: readonly SourceFile[], entry: string, options: { lazy: boolean }): SourceFile[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const seen = new Set<SourceFile>();
  const visit = (path: string): void => {
    const file = byPath.get(path);
    if (file === undefined || seen.has(file)) return;
    seen.add(file);
    for (const { target, isType, isLazy } of file.imports) {
      if (target !== undefined && !isType && (options.lazy || !isLazy)) visit(target);
    }
  };
  if (existsSync(join(root, entry))) visit(entry);
  return [...seen];
}
