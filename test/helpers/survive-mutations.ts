import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { expect } from "vitest";
import type { Span } from "../../src/core/span.ts";
import { mutateBytes } from "./mutate-bytes.ts";
import { seededRandom } from "./seeded-random.ts";

/** A project's files by name, below `/p`. */
export type Files = Readonly<Record<string, Uint8Array>>;

/** Seconds of computing that no small project may take. */
const limit = 5;

/**
 * Gives `use` mutations of these projects, one file of one project changed in each: it must not throw, and none may take
 * long. The same seed gives the same mutations. Returns the sum of what `use` gave.
 */
export function surviveMutations(
  projects: readonly Files[],
  { count, seed }: { readonly count: number; readonly seed: number },
  use: (files: Files) => number,
): number {
  const random = seededRandom(seed);
  const texts = projects.flatMap((files) => Object.values(files));
  let sum = 0;
  let slowest = 0;
  for (let round = 0; round < count; round++) {
    const original = random.pick(projects);
    const name = random.pick(Object.keys(original));
    const mutated = mutateBytes(original[name] ?? new Uint8Array(), random.pick(texts), random);
    const before = process.cpuUsage().user;
    try {
      sum += use({ ...original, [name]: mutated });
    } catch (error) {
      const text = JSON.stringify(Buffer.from(mutated).toString("latin1"));
      throw new Error(`round ${round} of seed ${seed}: ${name} is ${text}`, { cause: error });
    }
    slowest = Math.max(slowest, (process.cpuUsage().user - before) / 1e6);
  }
  expect(slowest).toBeLessThan(limit);
  return sum;
}

/** The files in a fixture's directory but those that record what is expected of it. */
export function readFixtureFiles(directory: string, recorded: RegExp): Files {
  const names = readdirSync(directory, { recursive: true, encoding: "utf8" }).filter(
    (file) => statSync(join(directory, file)).isFile() && !recorded.test(file),
  );
  return Object.fromEntries(names.map((file) => [file, new Uint8Array(readFileSync(join(directory, file)))]));
}

/** Throws, naming `what`, when a place is not in its file. */
export function assertInside(files: Files, { file, start, end }: Span, what: string): void {
  const size = files[relative("/p", file)]?.length ?? 0;
  if (start < 0 || start > end || end > size)
    throw new Error(`${what}: ${start}-${end} is not in the ${size} bytes of ${file}`);
}
