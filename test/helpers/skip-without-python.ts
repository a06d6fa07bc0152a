import type { TestContext } from "vitest";
import { findPythons } from "../../src/supply/find-pythons.ts";
import { prepareCache } from "../../src/supply/prepare-cache.ts";
import { supplyContext } from "./supply-context.ts";

/**
 * Leaves a test out when none of these Python series is on this machine, and says so with what was found. In CI a test
 * left out fails the run unless test/allowed-skips.json names it.
 */
export async function skipWithoutPython(context: TestContext, series: readonly string[]): Promise<void> {
  const supply = await supplyContext();
  await prepareCache(supply);
  const { usable, unreachable } = await findPythons(supply);
  if (usable.some((python) => series.includes(python.series))) return;
  const seen = [
    ...usable.map((python) => `${python.version} (${python.path})`),
    ...unreachable.map((python) => `${python.version} (${python.path}, which the units' account cannot execute)`),
  ];
  const reason = `NOT TESTED: needs Python ${series.join(", ")}; found: ${seen.join(", ") || "none"}`;
  process.stderr.write(`${context.task.name}\n  ${reason}\n`);
  context.skip(reason);
}
