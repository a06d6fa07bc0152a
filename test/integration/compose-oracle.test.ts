import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { compareConfig } from "../helpers/compare-config.ts";
import { readFixtureRequest } from "../helpers/compose-fixture.ts";
import { requireOracle, runCompose, startConfigServer } from "../helpers/compose-oracle.ts";

const fixtures = join(import.meta.dirname, "../fixtures/compose");

it("config prints what live Docker Compose prints, and refuses what it refuses, for every fixture", async (context) => {
  const oracle = requireOracle(context);
  await using server = startConfigServer(oracle);
  const wrong: string[] = [];
  for (const name of readdirSync(fixtures)) {
    const request = readFixtureRequest(join(fixtures, name));
    const json = runCompose(oracle, request, "json");
    const served = await server.config(request, "json");
    const yaml = await server.config(request, "yaml");
    const lines = [...compareConfig(request, json, "json"), ...compareConfig(request, yaml, "yaml")];
    wrong.push(...lines.map((line) => `${name}: ${line}`));
    // The property test asks the server only: it must say what the executable says.
    if (
      "output" in json !== "output" in served ||
      ("output" in json && "output" in served && json.output !== served.output)
    )
      wrong.push(`${name}: the config server and the executable differ`);
  }
  expect(wrong).toEqual([]);
});
