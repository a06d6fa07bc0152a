import { defineSignature } from "../../signature.ts";

export const sqlalchemyTwo = defineSignature({
  id: "sqlalchemy-two",
  group: "packages",
  kind: "fault",
  confidence: "likely",
  marks: [
    "object has no attribute",
    "takes 1 positional argument but 2 were given",
    "Textual SQL expression",
    "ArgumentError",
  ],
  patterns: [
    /AttributeError: '(?<what>Engine|Connection)' object has no attribute '(?<attribute>execute|table_names|has_table)'/,
    /ArgumentError: Textual SQL expression/,
    /TypeError: (?:select|case)\(\) takes \d positional arguments? but \d were given/,
  ],
  judge: ({ evidence: [{ block }] }, { product }) =>
    product === "mlflow" || block.some((line) => line.includes("/mlflow/")) ? { confidence: "likely" } : undefined,
  what: "{service|MLflow} was written for SQLAlchemy 1 and runs with SQLAlchemy 2",
  why: "MLflow 1 and the first releases of 2 do not limit SQLAlchemy's version.",
  cure: [
    { say: "Install sqlalchemy<2 beside it, or a newer MLflow", run: "docker compose build --no-cache {service}" },
  ],
  sources: ["https://github.com/mlflow/mlflow/issues/8369"],
  examples: ["mlflow-1 | AttributeError: 'Engine' object has no attribute 'execute'"],
  lookalikes: ["mlflow-1 | AttributeError: 'Run' object has no attribute 'execute'"],
});
