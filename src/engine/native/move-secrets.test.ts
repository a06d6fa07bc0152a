import { describe, expect, it } from "vitest";
import { moveSecretsToEnvironment } from "./move-secrets.ts";

const url = "postgresql://mlflow:secret@127.0.0.1:1/mlflow";

describe("moveSecretsToEnvironment", () => {
  it.each<[string[], string[]]>([
    [
      ["mlflow", "server", "--backend-store-uri", url, "--port", "1"],
      ["mlflow", "server", "--port", "1"],
    ],
    [
      ["mlflow", "server", `--backend-store-uri=${url}`],
      ["mlflow", "server"],
    ],
    [
      ["bash", "-c", `exec mlflow server --backend-store-uri '${url}' --port 1`],
      ["bash", "-c", "exec mlflow server  --port 1"],
    ],
  ])("takes the URL out of %j", (argv, expected) => {
    const moved = moveSecretsToEnvironment(argv);
    expect(moved).toEqual({ argv: expected, environment: { MLFLOW_BACKEND_STORE_URI: url } });
    expect(moved.argv.join(" ")).not.toContain("secret");
  });

  it.each<[string, string]>([
    ["postgresql://app:s%40cret@db:5432/app", "postgresql://app@db:5432/app"],
    ["--dbname=postgresql://app:s%40cret@db/app?sslmode=disable", "--dbname=postgresql://app@db/app?sslmode=disable"],
  ])("takes the password out of psql's %s", (word, expected) => {
    expect(moveSecretsToEnvironment(["/x/clients/psql", word, "-c", "SELECT 1"])).toEqual({
      argv: ["/x/clients/psql", expected, "-c", "SELECT 1"],
      environment: { PGPASSWORD: "s@cret" },
    });
  });

  it("leaves what the shell has yet to expand", () => {
    const argv = ["bash", "-c", 'mlflow server --backend-store-uri "$URI"'];
    expect(moveSecretsToEnvironment(argv)).toEqual({ argv, environment: {} });
  });

  it("finds MLflow beside another program", () => {
    const argv = ["bash", "-c", `mlflow server --backend-store-uri ${url} & exec airflow triggerer`];
    expect(moveSecretsToEnvironment(argv)).toEqual({
      argv: ["bash", "-c", "mlflow server  & exec airflow triggerer"],
      environment: { MLFLOW_BACKEND_STORE_URI: url },
    });
  });

  it("leaves other programs' commands alone", () => {
    const argv = ["airflow", "--backend-store-uri", url];
    expect(moveSecretsToEnvironment(argv).argv).toBe(argv);
  });
});
