import { join } from "node:path";
import { expect, type TestContext } from "vitest";
import { requireOracle } from "../compose-oracle.ts";
import { createTemporaryDirectory } from "../temporary-directory.ts";
import { compareGenerated } from "./compare.ts";

/**
 * Fails with the smallest project on which `config` and Docker Compose differ, among `count` generated ones.
 * BULKHEAD_SEED is the first seed; the failure tells the seed that makes its project again.
 */
export async function assertSameConfig(context: TestContext, count: number): Promise<void> {
  const oracle = requireOracle(context);
  await using directory = await createTemporaryDirectory();
  const seed = Number(process.env["BULKHEAD_SEED"] ?? 1);
  const half = Math.ceil(count / 2);
  // One process waits for the other: two lanes keep two cores busy.
  const found = await Promise.all([
    compareGenerated(oracle, join(directory.path, "a"), seed, half),
    compareGenerated(oracle, join(directory.path, "b"), seed + half, count - half),
  ]);
  expect(found.flatMap(({ difference }) => difference ?? []).join("\n\n")).toBe("");
  // A generator whose projects are mostly refused would compare nothing.
  expect(found.reduce((sum, { accepted }) => sum + accepted, 0)).toBeGreaterThan(count * 0.7);
}
