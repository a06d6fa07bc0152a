// Packs the package as npm would publish it, looks at its shape, installs it in an empty directory and runs it there.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildBundles, buildLibrary } from "./build.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

const directory = mkdtempSync(join(tmpdir(), "bh-package-"));
try {
  await buildBundles();
  await buildLibrary();
  const packed = run("npm", ["pack", "--json", "--pack-destination", directory], root);
  const [{ filename, files, size }] = Object.values(JSON.parse(packed));
  const tarball = join(directory, filename);
  console.log(`${filename}: ${files.length} files, ${(size / 1024).toFixed(0)} KiB`);
  assertContents(files.map(({ path }) => path));
  run(process.execPath, [join(root, "node_modules/publint/src/cli.js"), tarball, "--strict"], root, "inherit");

  const project = join(directory, "project");
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), '{ "private": true }\n');
  run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", tarball], project);
  const told = run(join(project, "node_modules/.bin/bulkhead"), ["--version"], project).trim();
  if (!told.includes(version)) throw new Error(`the installed executable says ${JSON.stringify(told)}, not ${version}`);
  console.log(`installed and started: ${told}`);
  checkTypes(project);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}

/** A TypeScript program that imports the installed package compiles, its declarations checked too. */
function checkTypes(project) {
  writeFileSync(
    join(project, "program.mts"),
    'import * as bulkhead from "bulkhead";\nconsole.log(Object.keys(bulkhead));\n',
  );
  const flags = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2023", "--skipLibCheck", "false"];
  const types = ["--types", "node", "--typeRoots", join(root, "node_modules/@types")];
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  run(process.execPath, [tsc, ...flags, ...types, "program.mts"], project, "inherit");
  console.log("its types compile");
}

/** What must be in the package, and what must not. */
function assertContents(paths) {
  const needed = [
    "LICENSE",
    "README.md",
    "CHANGELOG.md",
    "bin/bulkhead.js",
    "bin/package.json",
    "dist/cli.cjs",
    "dist/supervisor.js",
    "dist/api.js",
    "dist/api.d.ts",
  ];
  const missing = needed.filter((path) => !paths.includes(path));
  if (missing.length > 0) throw new Error(`not in the package: ${missing.join(", ")}`);
  const unwanted = paths.filter((path) => /\.test\.|^src\/|^test\/|\.tsbuildinfo$|__pycache__/.test(path));
  if (unwanted.length > 0) throw new Error(`should not be in the package: ${unwanted.join(", ")}`);
}

function run(program, args, cwd, stdout = "pipe") {
  return execFileSync(program, args, { cwd, encoding: "utf8", stdio: ["ignore", stdout, "inherit"] }) ?? "";
}
