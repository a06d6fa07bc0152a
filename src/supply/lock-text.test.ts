import { describe, expect, it } from "vitest";
import type { Lock } from "./lock-text.ts";
import { parseLocks, renderLocks } from "./lock-text.ts";

const mlflow: Lock = {
  name: "mlflow-2.9.0-0a1b2c3d",
  python: "3.8",
  only: false,
  asOf: "2023-12-12",
  requirements: ["mlflow==2.9.0", "psycopg2-binary"],
  body: "alembic==1.12.1 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\nmlflow==2.9.0 ; python_full_version >= '3.8' \\\n    --hash=sha256:cc\n",
  build: "setuptools==68.2.2 \\\n    --hash=sha256:ee\n",
};
const airflow: Lock = {
  name: "airflow-2.9.3-99999999",
  python: "3.11",
  only: true,
  asOf: undefined,
  requirements: ["apache-airflow==2.9.3"],
  body: "apache-airflow==2.9.3 \\\n    --hash=sha256:dd\n",
  build: "",
};

describe("lock text", () => {
  it("comes back as it was written, in the order of names", () => {
    expect(parseLocks(renderLocks([mlflow, airflow]), "bulkhead.lock")).toEqual([airflow, mlflow]);
  });

  it("is the same text again", () => {
    const text = renderLocks([mlflow, airflow]);
    expect(renderLocks(parseLocks(text, "bulkhead.lock"))).toBe(text);
  });

  it.each([
    ["no lock file", "alembic==1\n", "LOCK_FAILED"],
    ["a merge conflict", `${renderLocks([mlflow])}<<<<<<< ours\n`, "LOCK_FAILED"],
    ["a newer format", "# format: 2\n", "STATE_FORMAT"],
  ])("refuses %s", (_name, text, code) => {
    expect(() => parseLocks(text, "/p/bulkhead.lock")).toThrow(expect.objectContaining({ code }));
    expect(() => parseLocks(text, "/p/bulkhead.lock")).toThrow("/p/bulkhead.lock");
  });
});
