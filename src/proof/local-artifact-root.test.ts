import { describe, expect, it } from "vitest";
import type { MlflowApp } from "./mlflow-app.ts";
import { localArtifactRoot } from "./local-artifact-root.ts";

const root = (argv: readonly [string, ...string[]], env: Record<string, string> = {}): string | undefined =>
  localArtifactRoot({ access: { argv, env, workingDirectory: "/unit" } } as unknown as Pick<MlflowApp, "access">);

describe("localArtifactRoot", () => {
  it.each([
    [["mlflow", "server", "--artifacts-destination=/a b/c"], "/a b/c"],
    [["mlflow", "server", "--artifacts-destination", "file:///a"], "/a"],
    [["bash", "-c", "true &&\n exec mlflow server \\\n --artifacts-destination '/a b'"], "/a b"],
    [["mlflow", "server", "--artifacts-destination", "kept"], "/unit/kept"],
    [["mlflow", "server"], "/unit/mlartifacts"],
    [["mlflow", "server", "--artifacts-destination", "s3://bucket/a"], undefined],
  ] as const)("%j", (argv, expected) => {
    expect(root(argv)).toBe(expected);
  });

  it("reads MLflow's own variable", () => {
    expect(root(["mlflow", "server"], { MLFLOW_ARTIFACTS_DESTINATION: "/a" })).toBe("/a");
  });
});
