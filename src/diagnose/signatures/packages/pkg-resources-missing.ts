import { defineSignature } from "../../signature.ts";

export const pkgResourcesMissing = defineSignature({
  id: "pkg-resources-missing",
  group: "packages",
  kind: "fault",
  confidence: "certain",
  marks: ["No module named 'pkg_resources'"],
  patterns: [/No module named 'pkg_resources'/],
  what: "{service|a service} imports pkg_resources, which setuptools no longer brings",
  why: "setuptools removed it; MLflow 2.7 and other packages of that time still import it.",
  cure: [{ say: "Install setuptools<70 beside it", run: "docker compose build --no-cache {service}" }],
  sources: ["https://setuptools.pypa.io/en/latest/history.html"],
  examples: ["mlflow-1 | ModuleNotFoundError: No module named 'pkg_resources'"],
  lookalikes: ["mlflow-1 | ModuleNotFoundError: No module named 'psycopg2'"],
});
