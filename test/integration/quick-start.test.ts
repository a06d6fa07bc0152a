import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { repositoryPath } from "../helpers/source-files.ts";

const hook = repositoryPath("resources/python/name_hook.py");

/** The collector's thresholds and full collections: before the hook, after it, after many lasting objects. */
async function observe(env: Record<string, string>): Promise<unknown> {
  const script = `
import gc, json
def look(): return [list(gc.get_threshold()), gc.get_stats()[2]["collections"], len(gc.callbacks)]
first = look()
exec(compile(open(${JSON.stringify(hook)}).read(), "name_hook.py", "exec"), {"__name__": "bulkhead_hook"})
second = look()
kept = [[] for _ in range(800_000)]
third = look()
kept += [[] for _ in range(200_000)]
print(json.dumps([first, second, third, look()]))
`;
  const { stdout } = await promisify(execFile)("python3", ["-I", "-c", script], {
    env: { PATH: process.env["PATH"] ?? "", ...env },
  });
  return JSON.parse(stdout);
}

it("holds the collector back while an application imports, and leaves it as it was then", async () => {
  const [usual, after, full, late] = (await observe({ BULKHEAD_QUICK_START: "1" })) as [number[], number, number][];
  const thresholds = usual?.[0];
  expect(after?.[0]).not.toEqual(thresholds);
  expect(full?.[1]).toBe(after?.[1]);
  expect(late?.[0]).toEqual(thresholds);
  expect(late?.[2]).toBe(usual?.[2]);
});

it("leaves the collector alone unless told to", async () => {
  const looks = (await observe({})) as [number[], number, number][];
  for (const look of looks) expect([look[0], look[2]]).toEqual([looks[0]?.[0], looks[0]?.[2]]);
});
