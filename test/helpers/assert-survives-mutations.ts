import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { loadOutcome } from "../../src/compose/load-outcome.ts";
import type { Project } from "../../src/compose/project.ts";
import { renderConfig } from "../../src/compose/render-config.ts";
import { isToolError } from "../../src/core/tool-error.ts";
import { resolveTopology } from "../../src/topology/resolve-topology.ts";
import { memorySources } from "./memory-sources.ts";
import { requestFor } from "./request-for.ts";
import { assertInside, readFixtureFiles, surviveMutations } from "./survive-mutations.ts";
import type { Files } from "./survive-mutations.ts";

const fixtures = join(import.meta.dirname, "../fixtures/compose");

/**
 * Loads mutations of every fixture project and follows every value to its place: nothing but a ToolError is thrown, every
 * place lies in its file, and none takes long. The same seed gives the same mutations.
 */
export function assertSurvivesMutations(count: number, seed: number): void {
  const loaded = surviveMutations(readProjects(), { count, seed }, (files) => (load(files) ? 1 : 0));
  // Mutations that break everything would test nothing behind the parser.
  expect(loaded).toBeGreaterThan(count / 10);
}

/** True when it gave a project. */
function load(files: Files): boolean {
  const sources = memorySources(files);
  try {
    const { project, faults } = loadOutcome(requestFor({ profiles: ["*"], env: { HOME: "/h" } }), sources);
    for (const { span, message } of faults) {
      expect(message).not.toBe("");
      if (span !== undefined) assertInside(files, span, message);
    }
    if (project === undefined) {
      expect(faults.length).toBeGreaterThan(0);
      return false;
    }
    renderConfig(project, "json");
    followPlaces(project, project.model, [], files);
    resolveTopology(project, sources);
    return true;
  } catch (error) {
    if (isToolError(error)) return false;
    throw error;
  }
}

function followPlaces(project: Project, value: unknown, path: readonly (string | number)[], files: Files): void {
  const key = project.origins.keyAt(path);
  if (key !== undefined) assertInside(files, key, path.join("."));
  if (typeof value === "object" && value !== null) {
    for (const [name, item] of Object.entries(value))
      followPlaces(project, item, [...path, Array.isArray(value) ? Number(name) : name], files);
    return;
  }
  if (typeof value !== "string" || value === "") return;
  const pieces = project.origins.slice(path, 0, value.length);
  expect(pieces.map(({ start, end }) => value.slice(start, end)).join("")).toBe(value);
  for (const { origin } of pieces)
    for (const { span } of origin.chain) if (span !== undefined) assertInside(files, span, path.join("."));
}

function readProjects(): readonly Files[] {
  return readdirSync(fixtures)
    .map((name) => readFixtureFiles(join(fixtures, name), /^(?:expected\..*|request\.json|faults\.txt)$/))
    .filter((files) => Object.keys(files).some((file) => /^(?:docker-)?compose\.ya?ml$/.test(file)));
}
