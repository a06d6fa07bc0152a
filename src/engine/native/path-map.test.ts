import { describe, expect, it } from "vitest";
import { createPathMap } from "./path-map.ts";

const paths = createPathMap("/state/root", [
  { target: "/opt/airflow/dags", source: "/home/user/my project/dags" },
  { target: "/mlflow/artifacts", source: "/state/volumes/artifacts" },
  { target: "/run/secrets/password", source: "/p/secret.txt" },
]);

describe("createPathMap", () => {
  it.each([
    ["/opt/airflow/dags", "/home/user/my project/dags"],
    ["/opt/airflow/dags/a.py", "/home/user/my project/dags/a.py"],
    ["/opt/airflow/dagsnot", "/state/root/opt/airflow/dagsnot"],
    ["/opt/airflow", "/state/root/opt/airflow"],
    ["/usr/bin/env", "/usr/bin/env"],
    ["/dev/null", "/dev/null"],
    ["relative/path", "relative/path"],
    ["/", "/state/root"],
    ["/state/root/opt/airflow", "/state/root/opt/airflow"],
  ])("maps %s", (path, expected) => {
    expect(paths.map(path)).toBe(expected);
  });

  it.each([
    ["--artifacts-destination=/mlflow/artifacts", "--artifacts-destination=/state/volumes/artifacts"],
    ["cd /opt/airflow && ls '/opt/airflow/dags'", "cd /state/root/opt/airflow && ls '/home/user/my project/dags'"],
    ["file:///mlflow/artifacts/x", "file:///state/volumes/artifacts/x"],
    ["sqlite:////opt/airflow/airflow.db", "sqlite:////state/root/opt/airflow/airflow.db"],
    ["http://mlflow:5000/api/2.0", "http://mlflow:5000/api/2.0"],
    ["http://localhost/health", "http://localhost/health"],
    ["PATH=/usr/bin:/opt/x/bin", "PATH=/usr/bin:/state/root/opt/x/bin"],
    ["$(cat /run/secrets/password)", "$(cat /p/secret.txt)"],
    ["a/b and 1/2", "a/b and 1/2"],
    ["postgresql://u:p@h:5432/db", "postgresql://u:p@h:5432/db"],
    ["*/5 * * * *", "*/5 * * * *"],
  ])("maps the paths in %s", (text, expected) => {
    expect(paths.mapText(text)).toBe(expected);
  });
});
