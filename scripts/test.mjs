// npm test: the test tiers one after the other, their times, and one last line summed from vitest's reports.
//   node scripts/test.mjs [unit|integration|e2e|docker|full] [vitest arguments]
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { buildBundles } from "./build.mjs";
import { ensureInstall } from "./ensure-install.mjs";
import { prepareDocker } from "../test/docker/prepare-docker.mjs";
import { buildOracle } from "./oracle/build-oracle.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
/** vitest projects (vitest.config.ts) of each tier; without a name: what `npm test` runs. */
const tiers = {
  unit: ["unit"],
  integration: ["integration"],
  e2e: ["e2e"],
  docker: ["docker"],
  default: ["unit", "integration", "e2e"],
  full: ["unit", "integration", "e2e", "full"],
};

const [first, ...others] = process.argv.slice(2);
const isTier = first !== undefined && Object.hasOwn(tiers, first);
const projects = isTier ? tiers[first] : tiers.default;
const vitestArguments = isTier || first === undefined ? others : [first, ...others];

ensureInstall();
// vitest ends its workers and what the tests started; we wait for that, then end as we were told.
let running;
let interrupted;
/** Ends what was started for the tests. */
let release = async () => undefined;
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, async () => {
    interrupted = signal;
    running?.kill(signal);
    if (running !== undefined) return;
    await release();
    process.kill(process.pid, signal);
  });
}

const reports = mkdtempSync(join(tmpdir(), "bh-reports-"));
const total = { passed: 0, failed: 0, skipped: [] };
/** What failed, for the end of the output: in a long log its own place is hard to find. */
const failures = [];
const times = [];
try {
  await buildBundles();
} catch (error) {
  // What needs no bundle is tested all the same.
  console.error(`The build failed: ${error.message}`);
  total.failed += 1;
}
if (projects.includes("integration")) {
  try {
    buildOracle();
  } catch (error) {
    // The comparison with it is left out then, which fails in CI.
    console.error(error.message);
  }
}
try {
  for (const project of projects) {
    const started = Date.now();
    if (project === "docker") await prepareDocker((stop) => (release = stop));
    await runProject(project);
    times.push(`${String(project).padEnd(12)} ${((Date.now() - started) / 1000).toFixed(1).padStart(7)} s`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  total.failed += 1;
} finally {
  rmSync(reports, { recursive: true, force: true });
  await release();
}
console.log(`\n${times.join("\n")}`);
if (failures.length > 0) console.log(`\nFailed:\n${failures.join("\n")}\n`);
if (!areSkipsAllowed()) process.exitCode = 1;
if (total.failed > 0) process.exitCode = 1;
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped.length} skipped`);

async function runProject(project) {
  const output = join(reports, `${project}.json`);
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${output}`];
  const args = [vitest, "run", "--project", project, "--passWithNoTests", ...reporters, ...vitestArguments];
  const child = spawn(process.execPath, args, { cwd: root, stdio: "inherit" });
  running = child;
  const status = await new Promise((resolve) => child.once("exit", (code) => resolve(code ?? 1)));
  running = undefined;
  if (interrupted !== undefined) {
    rmSync(reports, { recursive: true, force: true });
    await release();
    process.kill(process.pid, interrupted);
    await new Promise(() => undefined);
  }
  const failedBefore = total.failed;
  if (existsSync(output)) addReport(JSON.parse(readFileSync(output, "utf8")));
  // Something outside any test: a leak, an unhandled rejection, a runner that could not start.
  if (status !== 0 && total.failed === failedBefore) {
    total.failed += 1;
    failures.push(`  ${project}: something outside its tests, told where vitest ends`);
  }
}

function addReport(report) {
  // A tier that has lost its files must not pass for that.
  if (report.testResults.length === 0 && vitestArguments.length === 0) {
    console.error("No tests were found.");
    total.failed += 1;
  }
  for (const file of report.testResults) {
    const name = relative(root, file.name);
    if (file.status === "failed" && file.assertionResults.length === 0) {
      total.failed += 1;
      failures.push(describeFailure(name, file.message));
    }
    for (const { status, fullName, failureMessages } of file.assertionResults) {
      if (status === "passed") total.passed += 1;
      else if (status === "failed") {
        total.failed += 1;
        failures.push(describeFailure(`${name} > ${fullName}`, failureMessages.join("\n")));
      } else total.skipped.push(fullName);
    }
  }
}

/** A failed test's name and the beginning of what it said. */
function describeFailure(name, message) {
  const lines = stripVTControlCharacters(message ?? "")
    .split("\n")
    .filter((line) => !line.includes("/node_modules/"));
  return [`  ${name}`, ...lines.slice(0, 25).map((line) => `    ${line}`)].join("\n");
}

/** A test left out fails the run in CI unless test/allowed-skips.json gives the reason. A name filter skips the rest. */
function areSkipsAllowed() {
  const allowed = JSON.parse(readFileSync(join(root, "test/allowed-skips.json"), "utf8"));
  const isFiltered = vitestArguments.some((argument) => argument === "-t" || argument.startsWith("--testNamePattern"));
  const unexplained = isFiltered ? [] : total.skipped.filter((name) => !Object.hasOwn(allowed, name));
  for (const name of total.skipped) {
    if (!isFiltered)
      console.log(`skipped: ${String(name)} (${String(allowed[name] ?? "no reason in test/allowed-skips.json")})`);
  }
  return unexplained.length === 0 || !process.env.CI;
}
