// Writes what Docker Compose says about the projects in test/fixtures/compose: expected.json (model or refusal, with the
// version and module it comes from), expected.yaml, and for refused ones our faults.txt, which is for you to read.
//   node scripts/oracle/record-fixtures.mjs [NAME...]
// Only the real executable records. Ends with 1 where the loader does not agree.
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { importParts, root } from "../import-parts.mjs";
import { buildOracle } from "./build-oracle.mjs";

const fixtures = join(root, "test/fixtures/compose");

const { compareConfig, isToolError, loadProject, readFixtureRequest, runCompose, sourcesOf, withoutPlace } =
  await importParts({
    "test/helpers/compare-config.ts": ["compareConfig"],
    "test/helpers/compose-fixture.ts": ["readFixtureRequest", "sourcesOf", "withoutPlace"],
    "test/helpers/compose-oracle.ts": ["runCompose"],
    "src/compose/load-project.ts": ["loadProject"],
    "src/core/tool-error.ts": ["isToolError"],
  });
const oracle = buildOracle();
const identity = identify(join(oracle, "docker-compose"));
const given = process.argv.slice(2);
let disagreements = 0;
for (const name of given.length > 0 ? given : readdirSync(fixtures).toSorted()) record(name);
console.log(`${identity.compose}, ${identity.module}; ${disagreements} disagreements`);
process.exitCode = disagreements === 0 ? 0 : 1;

function record(name) {
  const directory = join(fixtures, name);
  const request = readFixtureRequest(directory);
  for (const file of ["expected.json", "expected.yaml", "faults.txt"]) rmSync(join(directory, file), { force: true });
  const json = runCompose(oracle, request, "json");
  const yaml = runCompose(oracle, request, "yaml");
  const write = (file, text) => writeFileSync(join(directory, file), withoutPlace(text, directory));
  const outcome = "output" in json ? { model: JSON.parse(json.output) } : { refused: json.refused };
  write("expected.json", `${JSON.stringify({ ...identity, ...outcome }, null, 2)}\n`);
  if ("output" in yaml) write("expected.yaml", yaml.output);
  else write("faults.txt", `${refusalOf(request)}\n`);
  const lines = [...compareConfig(request, json, "json"), ...compareConfig(request, yaml, "yaml")];
  if (lines.length > 0) disagreements += 1;
  for (const line of lines) console.log(`${name}: ${line}`);
}

/** Our words for the refusal: the recording only says that Compose refuses, and why. */
function refusalOf(request) {
  try {
    loadProject(sourcesOf(request), request);
  } catch (error) {
    if (isToolError(error)) return error.message;
    throw error;
  }
  return "(not refused)";
}

/** The version the executable tells and the module it says it was built from, which must be those of go.mod and go.sum. */
function identify(executable) {
  const compose = `v${run(executable, ["version", "--short"])}`;
  const built = run("go", ["version", "-m", executable]);
  const module = /^\tmod\t(github\.com\/docker\/compose\/\S+)\t(\S+)\t(h1:\S+)$/m.exec(built)?.slice(1).join(" ");
  const checksums = readFileSync(new URL("go.sum", import.meta.url), "utf8").split("\n");
  if (module === undefined || !checksums.includes(module) || !module.includes(` ${compose} `))
    throw new Error(`${executable} is not the Docker Compose that go.mod and go.sum name: ${compose}, ${module}`);
  return { compose, module };
}

function run(program, args) {
  const { stdout, status, error } = spawnSync(program, args, { encoding: "utf8" });
  if (error !== undefined || status !== 0) throw new Error(`cannot run ${program} ${args.join(" ")}`, { cause: error });
  return stdout.trim();
}
