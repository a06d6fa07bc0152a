import { existsSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { listTracked } from "./helpers/list-tracked.ts";
import { loadedFiles, readSourceFiles, repositoryPath } from "./helpers/source-files.ts";
import type { SourceFile, SourceImport } from "./helpers/source-files.ts";

/** What the files of a room may import besides their own room. docs/architecture.md tells the rooms. */
const beforeCatalog = ["core", "ports"];
const beforeTopology = [...beforeCatalog, "catalog", "compose"];
const beforeEngine = [...beforeTopology, "topology", "supply", "plan"];
const beforeStack = [...beforeEngine, "engine", "postgres", "probe"];
const rooms: Readonly<Record<string, readonly string[]>> = {
  core: [],
  ports: ["core"],
  node: ["core", "ports"],
  catalog: beforeCatalog,
  compose: [...beforeCatalog, "catalog"],
  topology: beforeTopology,
  edit: [...beforeTopology, "topology"],
  rules: [...beforeTopology, "topology", "edit"],
  supply: beforeCatalog,
  launch: ["supply"],
  plan: beforeCatalog,
  postgres: beforeEngine,
  engine: beforeEngine,
  probe: [...beforeEngine, "engine"],
  stack: beforeStack,
  diagnose: beforeStack,
  proof: [...beforeStack, "stack"],
  actions: [...beforeStack, "stack", "diagnose", "proof", "edit", "rules"],
  server: ["core", "ports", "actions"],
  export: ["core", "ports", "actions"],
  cli: ["core", "ports", "actions"],
};

/** The only files, besides tests, that join the ports with their Node implementations. */
const entryPoints = new Set([
  "src/api.ts",
  "src/cli/main.ts",
  "src/engine/native/supervisor/main.ts",
  "src/launch/main.ts",
]);

/** A program of its own, apart from the command: it has its own effects. */
const supervisorRoom = "src/engine/native/supervisor/";

const touchesTheMachine = (path: string): boolean =>
  ["node", "cli", "launch"].includes(roomOf(path)) || path.startsWith(supervisorRoom);

/** Files over 300 lines, each with its reason. */
const longFiles: Readonly<Record<string, string>> = {
  "src/compose/compose-schema.ts": "the Compose Specification's own schema, kept whole so that it can be compared",
  "src/compose/compose-shapes.ts": "one table of every key of the Compose model",
};

/** Files that hold a family of equals instead of one main export, each with its reason. */
const families: Readonly<Record<string, string>> = {
  "src/compose/decode-leaves.ts":
    "a decoder for each kind of leaf, named by the kind: compose-shapes.ts is a table of them",
};

/** Files whose name is their place's: entry points, generated data, commands, the facets of a product. */
const namedByTheirPlace = (path: string): boolean =>
  path === "src/api.ts" ||
  basename(path) === "main.ts" ||
  path.includes(".gen.") ||
  path in families ||
  /^src\/(cli\/commands|catalog\/\w+)\//.test(path);

const files = readSourceFiles();
const ours = files.filter(({ isTest }) => !isTest);

const roomOf = (path: string): string => path.split("/")[1] ?? "";

function isAllowed(file: SourceFile, target: string, { isType, names }: SourceImport): boolean {
  const from = roomOf(file.path);
  const to = roomOf(target);
  if (from === to) return true;
  if (to === "node") return entryPoints.has(file.path);
  if (rooms[from]?.includes(to) === true) return true;
  // What stands above the actions takes from below them only types and renderers.
  const isAboveActions = from === "cli" || from === "server" || from === "export";
  return isAboveActions && (isType || (names.length > 0 && names.every((name) => name.startsWith("render"))));
}

describe("the house", () => {
  it("has only rooms this test knows", () => {
    const known = new Set([...Object.keys(rooms), "api.ts"]);
    expect([...new Set(ours.map(({ path }) => roomOf(path)))].filter((room) => !known.has(room))).toEqual([]);
  });

  it("is imported one way", () => {
    const wrong = ours
      .filter(({ path }) => path !== "src/api.ts")
      .flatMap((file) =>
        file.imports
          .filter((one) => one.target !== undefined && !isAllowed(file, one.target, one))
          .map(({ target }) => `${file.path} -> ${target}`),
      );
    expect(wrong).toEqual([]);
  });

  it("is loaded without circles", () => {
    const uses = new Map(
      ours.map(({ path, imports }) => [
        path,
        imports.flatMap(({ target, isType, isLazy }) => (target === undefined || isType || isLazy ? [] : [target])),
      ]),
    );
    const reaches = (from: string, seen = new Set<string>()): Set<string> => {
      for (const target of uses.get(from) ?? []) if (!seen.has(target)) reaches(target, seen.add(target));
      return seen;
    };
    expect([...uses.keys()].filter((path) => reaches(path).has(path))).toEqual([]);
  });

  it("imports only files that exist, with their ending", () => {
    const missing = files.flatMap(({ path, imports }) =>
      imports
        .filter(({ target }) => target !== undefined && !existsSync(repositoryPath(target)))
        .map(({ specifier }) => `${path} -> ${specifier}`),
    );
    expect(missing).toEqual([]);
  });

  it("touches the machine only in node/, the supervisor's room and entry points", () => {
    const harmless = new Set([
      "node:path",
      "node:path/posix",
      "node:crypto",
      "node:util",
      "node:url",
      "node:buffer",
      "node:zlib",
    ]);
    const wrong = ours
      .filter(({ path }) => !touchesTheMachine(path))
      .flatMap(({ path, imports }) =>
        imports
          .filter(({ specifier, isType }) => specifier.startsWith("node:") && !isType && !harmless.has(specifier))
          .map(({ specifier }) => `${path} -> ${specifier}`),
      );
    expect(wrong).toEqual([]);
  });

  it("asks the clock, the process and chance through ports", () => {
    const effect =
      /\bprocess\.\w|\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bset(Timeout|Interval|Immediate)\(|\bfetch\(|\bconsole\.|\bperformance\.now/;
    const wrong = ours.filter(({ path }) => !touchesTheMachine(path)).filter(({ code }) => effect.test(code));
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it("runs the supervisor from Node's own modules and its room alone", () => {
    const graph = loadedFiles(files, "src/engine/native/supervisor/main.ts", { lazy: true });
    expect(graph.length).toBeGreaterThan(3);
    expect(graph.map(({ path }) => path).filter((path) => !path.startsWith(supervisorRoom))).toEqual([]);
    const foreign = graph.flatMap(({ path, imports }) =>
      imports
        .filter(({ specifier, target, isType }) => target === undefined && !isType && !isBuiltin(specifier))
        .map(({ specifier }) => `${path} -> ${specifier}`),
    );
    expect(foreign).toEqual([]);
  });

  it("loads no database client, YAML parser or action with the command line", () => {
    const graph = loadedFiles(files, "src/cli/main.ts", { lazy: false });
    const packages = graph.flatMap(({ imports }) =>
      imports
        .filter(({ target, isType, isLazy }) => target === undefined && !isType && !isLazy)
        .map(({ specifier }) => specifier),
    );
    expect(packages.filter((specifier) => !isBuiltin(specifier))).toEqual([]);
    const others = graph.map(({ path }) => path).filter((path) => !["cli", "core", "ports"].includes(roomOf(path)));
    // It reads package.json for the version, nothing else.
    expect(others).toEqual(["src/node/installed-package.ts"]);
  });
});

describe("files", () => {
  it("are kebab-case, and none is a barrel", () => {
    const name = /^[a-z0-9]+(-[a-z0-9]+)*(\.gen|\.test)?\.ts$/;
    expect(
      files.map(({ path }) => path).filter((path) => !name.test(basename(path)) || basename(path) === "index.ts"),
    ).toEqual([]);
    const barrels = ours.filter(
      ({ path, text }) => path !== "src/api.ts" && /^export\s+(type\s+)?(\*|\{[^}]*\})\s*from/m.test(text),
    );
    expect(barrels.map(({ path }) => path)).toEqual([]);
  });

  it("have no default export, enum, namespace or parameter property", () => {
    const banned =
      /^export default\b|^(export )?(declare )?(const )?enum \w|^(export )?namespace \w|constructor\([^)]*\b(private|public|protected|readonly) /m;
    expect(files.filter(({ text }) => banned.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it("have exports named like the file", () => {
    const wrong = ours
      .filter(({ path }) => !namedByTheirPlace(path))
      .filter(({ path, exports }) => {
        const words = basename(path, ".ts").split("-");
        const named = words.filter((word) =>
          exports
            .map((name) => name.toLowerCase())
            .some((name) => name.includes(word) || name.includes(singular(word))),
        );
        // One export carries the whole name; a small family of them shares its subject.
        return exports.length === 1 ? named.length < words.length : named.length * 2 < words.length;
      })
      .map(({ path, exports }) => `${path}: ${exports.join(", ")}`);
    expect(wrong).toEqual([]);
  });

  it("stay under 300 lines unless the reason stands here", () => {
    const long = ours.filter(({ path, lines }) => lines > 300 && !path.includes(".gen."));
    expect(
      long.map(({ path, lines }) => `${path} (${lines})`).filter((line) => !((line.split(" ")[0] ?? "") in longFiles)),
    ).toEqual([]);
    expect(Object.keys(longFiles).filter((path) => !long.some((file) => file.path === path))).toEqual([]);
  });
});

describe("what is tracked", () => {
  const tracked = listTracked();

  it("names no path of a developer's machine", () => {
    // Each in two pieces, so that this file is not one of its own finds.
    const parts = [
      ["/wor", "k/main"],
      ["/wor", "k/shared"],
      ["sha", "red/design"],
      ["sha", "red/reference"],
      ["/tm", "p/lab"],
      ["/op", "t/wheels"],
      ["/ro", "ot/.py"],
    ];
    const forbidden = parts.map((pieces) => pieces.join(""));
    const found = tracked
      .filter((path) => path !== "" && existsSync(repositoryPath(path)) && !path.startsWith("resources/locks/"))
      .filter((path) => {
        const text = readFileSync(repositoryPath(path), "utf8");
        return forbidden.some((word) => text.includes(word));
      });
    expect(found).toEqual([]);
  });

  it("locks the packages of every platform, without addresses of a registry", () => {
    type Entry = Readonly<{
      version: string;
      resolved?: string;
      integrity?: string;
      optional?: boolean;
      os?: readonly string[];
      optionalDependencies?: Readonly<Record<string, string>>;
    }>;
    const lock = JSON.parse(readFileSync(repositoryPath("package-lock.json"), "utf8")) as {
      packages: Record<string, Entry>;
    };
    const entries = Object.entries(lock.packages);
    const packages = entries.filter(([path]) => path !== "");
    const hosts = packages.flatMap(([, { resolved }]) => (resolved === undefined ? [] : [new URL(resolved).host]));
    expect(hosts).toEqual([]);
    // npm writes lock files without the packages of platforms it could not ask for (npm/cli #4828, #8320), and `npm ci`
    // then refuses everywhere. Those without a hash were completed by hand.
    const unlocked = entries.flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => !(`node_modules/${name}` in lock.packages) && !(`${path}/node_modules/${name}` in lock.packages),
      ),
    );
    expect(unlocked).toEqual([]);
    const unhashed = packages.filter(([, { integrity }]) => integrity === undefined);
    expect(unhashed.filter(([, { optional, os }]) => optional !== true || os === undefined)).toEqual([]);
    const embedded = Object.entries(lock.packages[""]?.optionalDependencies ?? {});
    expect(embedded.map(([name]) => name.split("/")[1])).toEqual([
      "darwin-arm64",
      "darwin-x64",
      "linux-arm64",
      "linux-x64",
    ]);
    for (const [name, version] of embedded) {
      expect(lock.packages[`node_modules/${name}`]).toMatchObject({ version, integrity: expect.any(String) });
    }
  });
});

function singular(word: string): string {
  return word.replace(/ies$/, "y").replace(/s$/, "");
}

function isBuiltin(specifier: string): boolean {
  return specifier.startsWith("node:") && builtinModules.includes(specifier.slice("node:".length));
}
