import { describe, expect, it } from "vitest";
import { lockSatisfies } from "./lock-satisfies.ts";
import type { Lock } from "./lock-text.ts";

const lock: Lock = {
  name: "mlflow-3.17.2-df07817f",
  python: "3.10",
  only: false,
  asOf: undefined,
  requirements: ["mlflow==3.17.2", "numpy", "psycopg2-binary", "setuptools<70"],
  body: `mlflow==3.17.2 \\
    --hash=sha256:aa
numpy==2.0 ; python_version < '3.11' \\
    --hash=sha256:bb
numpy==2.4 ; python_version >= '3.11' \\
    --hash=sha256:cc
psycopg2-binary==2.9.13 ; python_version >= '3' \\
    --hash=sha256:dd
setuptools==69.5.1 \\
    --hash=sha256:ee
`,
  build: "",
};
const others = ["mlflow==3.17.2", "numpy"];

describe("lockSatisfies", () => {
  it.each([
    ["its own lines", lock.requirements, true],
    ["the version it holds", [...others, "psycopg2-binary==2.9.13", "setuptools<70"], true],
    ["a bare name", [...others, "psycopg2-binary", "setuptools"], true],
    ["another version", [...others, "psycopg2-binary==2.9.9", "setuptools<70"], false],
    ["the beginning of its version", [...others, "psycopg2-binary==2.9.1", "setuptools<70"], false],
    ["a range", [...others, "psycopg2-binary>=2", "setuptools<70"], false],
    ["an extra", [...others, "psycopg2-binary[x]", "setuptools<70"], false],
    ["a package less", [...others, "psycopg2-binary"], false],
    ["a package more", [...lock.requirements, "boto3"], false],
    [
      "a version held on some platforms only",
      ["mlflow==3.17.2", "numpy==2.4", "psycopg2-binary", "setuptools<70"],
      false,
    ],
  ])("%s", (_name, requirements, expected) => {
    expect(lockSatisfies(lock, requirements)).toBe(expected);
  });
});
