import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { expect } from "vitest";
import { loadOutcome } from "../../src/compose/load-outcome.ts";
import type { Project } from "../../src/compose/project.ts";
import { renderConfig } from "../../src/compose/render-config.ts";
import { isToolError } from "../../src/core/tool-error.ts";
import { resolveTopology } from "../../src/topology/resolve-topology.ts";
import { memorySources } from "./memory-sources.ts";
import { mutateBytes } from "./mutate-bytes.ts";
import { seededRandom } from "./seeded-random.ts";

type Files = Readonly<Record<string, Uint8Array>>;

const fixtures = join(import.meta.dirname, "../fixtures/compose");
/** Seconds of computing that no small file may take. */
const limit = 5;

/**
 * Loads mutations of every fixture project and follows every value to its place: nothing but a ToolError is thrown, every
 * place lies in its file, and none takes long. The same seed gives the same mutations.
 */
export function assertSurvivesMutations(count: number, seed: number): void {
  const random = seededRandom(seed);
  const projects = readProjects();
  const texts = projects.flatMap((files) => Object.values(files));
  let loaded = 0;
  let slowest = 0;
  for (let round = 0; round < count; round++) {
    const original = random.pick(projects);
    const name = random.pick(Object.keys(original));
    const mutated = mutateBytes(original[name] ?? new Uint8Array(), random.pick(texts), random);
    const files = { ...original, [name]: mutated };
    const before = process.cpuUsage().user;
    try {
      if (load(files)) loaded++;
    } catch (error) {
      throw new Error(
        `round ${round} of seed ${seed}: ${name} is ${JSON.stringify(Buffer.from(mutated).toString("latin1"))}`,
        {
          cause: error,
        },
      );
    }
    slowest = Math.max(slowest, (process.cpuUsage().user - before) / 1e6);
  }
  expect(slowest).toBeLessThan(limit);
  // Mutations that break everything would test nothing behind the parser.
  expect(loaded).toBeGreaterThan(count / 10);
}

/** True when it gave a project. */
function load(files: Files): boolean {
  const sources = memorySources(files);
  const request = {
    cwd: "/p",
    files: [],
    projectName: undefined,
    projectDirectory: undefined,
    profiles: ["*"],
    envFiles: [],
  };
  try {
    const { project, faults } = loadOutcome({ ...request, env: { HOME: "/h" } }, sources);
    for (const { span, message } of faults) {
      expect(message).not.toBe("");
      if (span !== undefined) assertInside(files, span);
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
  if (key !== undefined) assertInside(files, key);
  if (typeof value === "object" && value !== null) {
    for (const [name, item] of Object.entries(value))
      followPlaces(project, item, [...path, Array.isArray(value) ? Number(name) : name], files);
    return;
  }
  if (typeof value !== "string" || value === "") return;
  const pieces = project.origins.slice(path, 0, value.length);
  expect(pieces.map(({ start, end }) => value.slice(start, end)).join("")).toBe(value);
  for (const { origin } of pieces)
    for (const { span } of origin.chain) if (span !== undefined) assertInside(files, span);
}

function assertInside(files: Files, { file, start, end }: { file: string; start: number; end: number }): void {
  const size = files[relative("/p", file)]?.length ?? 0;
  if (start < 0 || start > end || end > size) throw new Error(`${start}-${end} is not in the ${size} bytes of ${file}`);
}

/** The files of every fixture project, by name. */
function readProjects(): readonly Files[] {
  return readdirSync(fixtures)
    .map((name) => {
      const directory = join(fixtures, name);
      const names = readdirSync(directory, { recursive: true, encoding: "utf8" }).filter(
        (file) =>
          statSync(join(directory, file)).isFile() && !/^(?:expected\..*|request\.json|faults\.txt)$/.test(file),
      );
      return Object.fromEntries(names.map((file) => [file, new Uint8Array(readFileSync(join(directory, file)))]));
    })
    .filter((files) => Object.keys(files).some((file) => /^(?:docker-)?compose\.ya?ml$/.test(file)));
}
