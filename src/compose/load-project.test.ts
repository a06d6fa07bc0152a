import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readYaml } from "../../test/helpers/compare-config.ts";
import { readFixtureRequest, sourcesOf, withoutPlace, type Recording } from "../../test/helpers/compose-fixture.ts";
import { isToolError } from "../core/tool-error.ts";
import { loadProject } from "./load-project.ts";
import { renderConfig } from "./render-config.ts";

const fixtures = join(import.meta.dirname, "../../test/fixtures/compose");
const checksums = join(import.meta.dirname, "../../scripts/oracle/go.sum");

function recordingOf(name: string): Recording {
  return JSON.parse(readFileSync(join(fixtures, name, "expected.json"), "utf8")) as Recording;
}

function failureOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}

const names = readdirSync(fixtures).toSorted();
const accepted = names.filter((name) => recordingOf(name).model !== undefined);
const refused = names.filter((name) => recordingOf(name).model === undefined);

describe("loadProject against recorded Docker Compose", () => {
  it("has its fixtures, all recorded with the Compose that scripts/oracle builds", () => {
    expect(names.length).toBeGreaterThanOrEqual(200);
    const modules = new Set(names.map((name) => recordingOf(name).module));
    const known = readFileSync(checksums, "utf8").split("\n");
    expect([...modules].filter((module) => !known.includes(module))).toEqual([]);
    expect(modules.size).toBe(1);
    expect(new Set(names.map((name) => recordingOf(name).compose)).size).toBe(1);
  });

  it.each(accepted)("%s prints what Compose prints", (name) => {
    const directory = join(fixtures, name);
    const request = readFixtureRequest(directory);
    const project = loadProject(sourcesOf(request), request);
    const json = withoutPlace(renderConfig(project, "json"), directory);
    expect(JSON.parse(json)).toEqual(recordingOf(name).model);
    const yaml = withoutPlace(renderConfig(project, "yaml"), directory);
    expect(readYaml(yaml)).toEqual(readYaml(readFileSync(join(directory, "expected.yaml"), "utf8")));
  });

  it.each(refused)("%s is refused, as by Compose, at the right places", (name) => {
    const directory = join(fixtures, name);
    const request = readFixtureRequest(directory);
    const failure = failureOf(() => loadProject(sourcesOf(request), request));
    if (!isToolError(failure)) throw new Error(`expected a refusal: ${String(failure)}`);
    const faults = readFileSync(join(directory, "faults.txt"), "utf8");
    expect(`${withoutPlace(failure.message, directory)}\n`).toBe(faults);
    expect(failure.hint).toBeDefined();
  });
});
