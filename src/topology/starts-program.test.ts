import { describe, expect, it } from "vitest";
import { startsProgram } from "./starts-program.ts";

describe("startsProgram", () => {
  it.each<[string, boolean]>([
    ["mlflow server --port 5000", true],
    ["exec /home/airflow/.local/bin/mlflow server", true],
    ["python -m mlflow server --port 5000", true],
    ["airflow webserver --port 8080", false],
    ["airflow connections add x --conn-uri postgresql://a@b/mlflow", false],
    ["airflow db check postgresql://a@b/mlflow", false],
    ["cd --physical /opt/mlflow", false],
  ])("mlflow in `%s`: %s", (line, expected) => {
    expect(startsProgram(line.split(" "), "mlflow")).toBe(expected);
  });
});
