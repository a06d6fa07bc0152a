import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { isToolError } from "../core/tool-error.ts";
import { nodeSources } from "../node/node-sources.ts";
import { loadProject } from "./load-project.ts";
import type { LoadRequest } from "./load-request.ts";
import { renderConfig } from "./render-config.ts";

const fixtures = join(import.meta.dirname, "../../test/fixtures/compose");

/** Paths as the recordings have them. */
function portable(text: string, directory: string): string {
  return text.replaceAll(directory, "{dir}").replaceAll(fixtures, "{fixtures}");
}

/** What `docker compose config --format json` said about a fixture. */
interface Expected {
  readonly compose: string;
  readonly model?: unknown;
  readonly refused?: string;
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, "utf8")) as T;
}

function requestFor(directory: string): LoadRequest {
  const path = join(directory, "request.json");
  const given = existsSync(path) ? readJson<Partial<LoadRequest>>(path) : {};
  const cwd = join(directory, given.cwd ?? "");
  return {
    files: given.files ?? [],
    projectName: given.projectName,
    projectDirectory: given.projectDirectory,
    profiles: given.profiles ?? [],
    envFiles: given.envFiles ?? [],
    cwd,
    env: { HOME: "/home/someone", PWD: cwd, ...given.env },
  };
}

function failureOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}

function expectedOf(name: string): Expected {
  return readJson<Expected>(join(fixtures, name, "expected.json"));
}

const names = readdirSync(fixtures).toSorted();
const accepted = names.filter((name) => expectedOf(name).model !== undefined);
const refused = names.filter((name) => expectedOf(name).model === undefined);

describe("loadProject against recorded Docker Compose", () => {
  it("has its fixtures", () => {
    expect(names.length).toBeGreaterThanOrEqual(90);
  });

  it.each(accepted)("%s prints what Compose prints", (name) => {
    const directory = join(fixtures, name);
    const project = loadProject(nodeSources, requestFor(directory));
    const rendered: unknown = JSON.parse(portable(renderConfig(project, "json"), directory));
    expect(rendered).toEqual(expectedOf(name).model);
    const fromYaml: unknown = parse(renderConfig(project, "yaml"));
    expect(Object.keys(fromYaml as object).toSorted()).toEqual(Object.keys(rendered as object).toSorted());
  });

  it.each(refused)("%s is refused, as by Compose, at the right places", (name) => {
    const directory = join(fixtures, name);
    const failure = failureOf(() => loadProject(nodeSources, requestFor(directory)));
    if (!isToolError(failure)) throw new Error(`expected a refusal: ${String(failure)}`);
    const faults = readFileSync(join(directory, "faults.txt"), "utf8");
    expect(`${portable(failure.message, directory)}\n`).toBe(faults);
    expect(failure.hint).toBeDefined();
  });
});
