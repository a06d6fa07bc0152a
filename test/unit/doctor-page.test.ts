import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { doctorChecks } from "../../src/diagnose/doctor/doctor-checks.ts";
import { repositoryPath } from "../helpers/source-files.ts";

it("docs/doctor.md tells of every check, in their order, and of no other", () => {
  const page = readFileSync(repositoryPath("docs/doctor.md"), "utf8");
  const told = [...page.matchAll(/^\| `([a-z-]+)`/gm)].map(([, id]) => id);
  expect(told).toEqual(doctorChecks.map(({ id }) => id));
});
