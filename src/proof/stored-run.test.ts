import { describe, expect, it } from "vitest";
import type { MlflowApp } from "./mlflow-app.ts";
import type { ProofNames } from "./proof-names.ts";
import { judgeStoredRun, type StoredRun } from "./stored-run.ts";

const mlflow = { database: { host: "127.0.0.1", port: 1, user: "u", database: "mlflow" } } as MlflowApp;
const names: ProofNames = {
  id: "bulkhead_proof_0123456789ab",
  word: "w",
  parameter: "p",
  metric: 1.5,
  artifact: { name: "a", text: "t" },
};
const stored: StoredRun = {
  run: "r",
  experiment: "1",
  status: "FINISHED",
  artifactUri: "mlflow-artifacts:/1/r/artifacts",
  parameter: "p",
  metric: 1.5,
};

describe("judgeStoredRun", () => {
  it("wants the run finished with the values that were logged", () => {
    expect(judgeStoredRun(mlflow, names, stored)).toMatchObject({ ok: true });
  });

  it.each([
    [undefined, "no run of experiment bulkhead_proof_0123456789ab in database mlflow"],
    [{ ...stored, status: "RUNNING" }, "run r in database mlflow: the run is RUNNING"],
    [{ ...stored, parameter: undefined }, "run r in database mlflow: parameter proof is missing, logged was p"],
    [
      { ...stored, metric: 2, parameter: "q" },
      "run r in database mlflow: parameter proof is q, logged was p; metric proof is 2, logged was 1.5",
    ],
  ])("says what differs (%#)", (found, evidence) => {
    expect(judgeStoredRun(mlflow, names, found)).toEqual({ ok: false, evidence });
  });
});
