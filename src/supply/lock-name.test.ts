import { describe, expect, it } from "vitest";
import { lockName } from "./lock-name.ts";

const request = { product: "mlflow", version: "3.17.2", base: ["mlflow==3.17.2"], extras: ["psycopg2-binary"] };

describe("lockName", () => {
  it("does not depend on spelling and order", () => {
    const other = { ...request, base: ["Psycopg2_binary", "MLflow == 3.17.2"], extras: ["psycopg2-binary # driver"] };
    expect(lockName(other)).toBe(lockName(request));
    expect(lockName(request)).toMatch(/^mlflow-3\.17\.2-[0-9a-f]{8}$/);
  });

  it("depends on every requirement", () => {
    expect(lockName({ ...request, extras: ["psycopg2-binary==2.9.9"] })).not.toBe(lockName(request));
    expect(lockName({ ...request, extras: [] })).not.toBe(lockName(request));
  });
});
