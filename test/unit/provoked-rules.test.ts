import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { RULES } from "../../src/rules/registry.gen.ts";
import { repositoryPath } from "../helpers/source-files.ts";

const folder = repositoryPath("test/full/provoke");
const tests = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
const decision = readFileSync(repositoryPath("docs/decisions/0012-lines-that-only-docker-prints.md"), "utf8");

const errors = RULES.filter(({ severity }) => severity === "error").map(({ id }) => id);

it.each(errors)("the line that %s announces is provoked, or it is said why not", (id) => {
  const isProvoked = tests.some((text) => text.includes(`"${id}"`));
  expect(isProvoked || decision.includes(`\`${id}\``)).toBe(true);
});
