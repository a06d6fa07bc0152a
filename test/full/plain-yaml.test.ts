import { it } from "vitest";
import { assertSameNodesMutated } from "../helpers/assert-plain-yaml.ts";

it("two hundred thousand changed files are read as the complete parser reads them", { timeout: 600_000 }, () =>
  assertSameNodesMutated(200_000, 2),
);
