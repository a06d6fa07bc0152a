import { describe, expect, it } from "vitest";
import { normaliseRequirement, requirementName } from "./requirement-name.ts";

describe("requirementName", () => {
  it.each([
    ["Psycopg2_Binary>=2", "psycopg2-binary"],
    ["apache.airflow[celery] == 2.7.0", "apache-airflow"],
    ["a", "a"],
    ["./local", undefined],
    ["dir/package.whl", undefined],
    ["git+https://host/x.git", undefined],
    ["-r other.txt", undefined],
  ])("%s", (line, expected) => {
    expect(requirementName(line)).toBe(expected);
  });
});

describe("normaliseRequirement", () => {
  it.each([
    ["Psycopg2_Binary >= 2, <3  # driver", "psycopg2-binary>=2,<3"],
    ["x[b, a]==1 ;  python_version < '3.9'", "x[b,a]==1 ; python_version < '3.9'"],
    ["x @ https://host/x.whl", "x@https://host/x.whl"],
    ["git+https://host/x.git#egg=x", "git+https://host/x.git#egg=x"],
  ])("%s", (line, expected) => {
    expect(normaliseRequirement(line)).toBe(expected);
  });
});
