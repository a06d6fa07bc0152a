import { describe, expect, it } from "vitest";
import { findContainerPaths, findProviders } from "./scan-dags.ts";

describe("findProviders", () => {
  const text = [
    "from airflow.providers.amazon.aws.hooks.s3 import S3Hook",
    "from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator",
    "    import airflow.providers.http.hooks.http",
    "from airflow.providers.postgres.hooks.postgres import PostgresHook",
    "from airflow.providers.standard.operators.bash import BashOperator",
    "# from airflow.providers.google import x",
  ].join("\n");

  it("names the distributions that are not there anyway", () => {
    expect(findProviders(text, "3.3.2")).toEqual([
      "apache-airflow-providers-amazon",
      "apache-airflow-providers-cncf-kubernetes",
      "apache-airflow-providers-http",
    ]);
  });

  it("knows what a 2.x core brings", () => {
    expect(findProviders(text, "2.7.0")).not.toContain("apache-airflow-providers-http");
  });
});

describe("findContainerPaths", () => {
  it("finds absolute paths of the container in strings, with their lines", () => {
    const text =
      'x = 1\nopen("/opt/airflow/dags/a.csv")\n# open("/opt/airflow/b")\np = \'/data/in/c\'\nq = "/etc/hosts"\n';
    expect(findContainerPaths(text, ["/data"])).toEqual([
      { line: 2, path: "/opt/airflow/dags/a.csv" },
      { line: 4, path: "/data/in/c" },
    ]);
  });
});
