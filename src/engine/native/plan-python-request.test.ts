import { expect, it } from "vitest";
import { topologyOf } from "../../../test/helpers/topology-of.ts";
import { planPythonRequest } from "./plan-python-request.ts";

it.each([
  ["mlflow[auth]==2.22.0 psycopg2-binary==2.9.10", ["mlflow[auth]", "psycopg2-binary==2.9.10"]],
  ["mlflow==2.22.0 boto3", ["boto3"]],
  ["mlflow-skinny[extras]", ["mlflow-skinny[extras]"]],
])("installs beside MLflow what `pip install %s` asks for", (line, extras) => {
  const { services } = topologyOf(`services:
  mlflow:
    build:
      context: .
      dockerfile_inline: |
        FROM ghcr.io/mlflow/mlflow:v2.22.0
        RUN pip install ${line}
`);
  const role = services["mlflow"];
  if (role === undefined) throw new Error("no service mlflow");
  expect(planPythonRequest(role)).toMatchObject({ base: ["mlflow==2.22.0", "setuptools<70"], extras });
});
