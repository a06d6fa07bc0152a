// Builds dist/: the executable's bundles (esbuild) and, unless --bundle-only is given, the library (tsc, a file a file).
// Each part is left alone when nothing it reads has changed since it was built.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureInstall } from "./ensure-install.mjs";
import { toCommonJs } from "./to-commonjs.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");
const stamps = join(root, "node_modules/.cache/bulkhead");

/**
 * What every bundle is for. pg looks for pg-native and does without; it is compiled code that cannot be bundled. Where there
 * is no `navigator`, it makes a Response to see whether this is Cloudflare, for which Node loads its whole HTTP client. yaml
 * has its modules under `browser` only; what Node gets of it reads every name through an object.
 */
const bundle = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node20.19",
  external: ["pg-native"],
  alias: { yaml: join(root, "node_modules/yaml/browser/index.js") },
  define: { navigator: "process", "navigator.userAgent": '"Node.js"' },
  legalComments: "eof",
  logLevel: "warning",
};

/** Builds the bundles that `bin/bulkhead.js` runs. */
export async function buildBundles() {
  await unlessFresh("cli bundle", ["cli.cjs"], buildCommandLine);
  // One file: it must outlive a replaced dist/.
  await unlessFresh("supervisor bundle", ["supervisor.js"], async () => {
    const { build } = await import("esbuild");
    const entryPoints = { supervisor: "src/engine/native/supervisor/main.ts" };
    await build({ ...bundle, entryPoints, outdir: dist, format: "esm" });
  });
}

/**
 * dist/cli.cjs loads the chunks that it needs from dist/chunks/. They are CommonJS, because Node gives no way to keep the
 * compiled code of ECMAScript modules; esbuild splits only the latter, so each chunk is translated after the split. Each is
 * one function, as Node makes of a CommonJS file.
 */
async function buildCommandLine() {
  const { build, transform } = await import("esbuild");
  const { outputFiles } = await build({
    ...bundle,
    entryPoints: { main: "src/cli/main.ts" },
    outdir: join(dist, "chunks"),
    // A name holds a hash of the chunk's text, other chunks' names included.
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    outExtension: { ".js": ".cjs" },
    splitting: true,
    format: "esm",
    write: false,
  });
  rmSync(join(dist, "chunks"), { recursive: true, force: true });
  mkdirSync(join(dist, "chunks"), { recursive: true });
  const hash = createHash("sha256");
  for (const { path, text } of outputFiles) {
    const { code } = await transform(toCommonJs(text), {
      target: bundle.target,
      define: { "import.meta.url": "module.url", "import.meta.dirname": "module.path" },
      // Names and lines stay, for the stack of a defect.
      minifyWhitespace: true,
      minifySyntax: true,
      lineLimit: 160,
      charset: "ascii",
      legalComments: "eof",
      logLevel: "warning",
    });
    const chunk = `(function (exports, require, module) {${code}\n})`;
    hash.update(chunk);
    writeFileSync(path, chunk);
  }
  const main = outputFiles.map(({ path }) => basename(path)).find((name) => name.startsWith("main-"));
  await build({
    ...bundle,
    entryPoints: { cli: "src/launch/main.ts" },
    outdir: dist,
    outExtension: { ".js": ".cjs" },
    format: "cjs",
    define: {
      ...bundle.define,
      MAIN_CHUNK: JSON.stringify(main),
      BUILD: JSON.stringify(hash.digest("hex").slice(0, 16)),
    },
  });
}

/** Builds the library: one JavaScript and one declaration file for each source file. */
export async function buildLibrary() {
  await unlessFresh("library", ["core/tool-error.js"], () => {
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const { status } = spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], { cwd: root, stdio: "inherit" });
    if (status !== 0) throw new Error("tsc found errors.");
    removeStale();
  });
}

/** Runs `work` unless the inputs are those of the last time and its outputs are there. */
async function unlessFresh(part, outputs, work) {
  const stampFile = join(stamps, `built-${part.replace(" ", "-")}`);
  const stamp = hashInputs();
  const isPresent = outputs.every((name) => existsSync(join(dist, name)));
  if (isPresent && existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) return;
  const started = Date.now();
  rmSync(stampFile, { force: true });
  await work();
  mkdirSync(stamps, { recursive: true });
  writeFileSync(stampFile, stamp);
  console.error(`Built the ${part} in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
}

function hashInputs() {
  const hash = createHash("sha256");
  const files = ["package.json", "package-lock.json", "tsconfig.json", "tsconfig.build.json", "scripts/build.mjs"];
  for (const file of [...files, ...listFiles(join(root, "src")).map((path) => relative(root, path))].toSorted()) {
    if (file.endsWith(".test.ts")) continue;
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update("\0");
  }
  return hash.digest("hex");
}

/** Removes the output of source files that are gone, so that nothing can go on importing it. */
function removeStale() {
  const kept = new Set(["cli.cjs", "supervisor.js"].map((name) => join(dist, name)));
  for (const path of listFiles(dist)) {
    const source = join(root, "src", relative(dist, path)).replace(/(\.d)?\.(ts|js)$/, ".ts");
    const isChunk = path.startsWith(join(dist, "chunks"));
    if (!kept.has(path) && !isChunk && !existsSync(source)) rmSync(path);
  }
}

function listFiles(directory) {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  ensureInstall();
  try {
    await buildBundles();
    if (!process.argv.includes("--bundle-only")) await buildLibrary();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
