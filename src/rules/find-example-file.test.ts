import { describe, expect, it } from "vitest";
import { memorySources } from "../../test/helpers/memory-sources.ts";
import { findExampleFile } from "./find-example-file.ts";

const found = (missing: string, ...names: string[]) =>
  findExampleFile(`/p/${missing}`, memorySources(Object.fromEntries(names.map((name) => [name, name]))));

describe("findExampleFile", () => {
  it.each([
    [".env", ".env.example"],
    [".env", ".env.sample"],
    [".env", "env.example"],
    [".env", "example.env"],
    [".env", ".env-template"],
    ["airflow.env", "airflow.env.example"],
    ["airflow.env", "airflow.example.env"],
    [".env.airflow", ".env.airflow.dist"],
  ])("finds of %s the example %s", (missing, example) => {
    expect(found(missing, "compose.yaml", ".env.other", example)).toEqual({ path: `/p/${example}`, text: example });
  });

  it.each([
    [".env", ".env.production"],
    ["airflow.env", ".env.example"],
    [".env", "airflow.env.example"],
  ])("takes for %s not %s", (missing, other) => expect(found(missing, other)).toBeUndefined());

  it("does not choose between two", () => expect(found(".env", ".env.example", ".env.sample")).toBeUndefined());
});
