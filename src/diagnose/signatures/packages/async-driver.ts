import { defineSignature } from "../../signature.ts";

export const asyncDriver = defineSignature({
  id: "async-driver",
  group: "packages",
  kind: "fault",
  confidence: "certain",
  marks: ["greenlet_spawn has not been called"],
  patterns: [/greenlet_spawn has not been called/],
  what: "{service|a service} uses an asynchronous driver where a synchronous one belongs",
  why: "+asyncpg in the main connection string works in asynchronous code only; Airflow's and MLflow's stores are not.",
  cure: [
    { say: "Write postgresql+psycopg2:// there", run: "bulkhead check --fix=behaviour --rule async-driver" },
    { say: "Then start again", run: "bulkhead up" },
  ],
  part: "scheme",
  sources: ["https://docs.sqlalchemy.org/en/20/errors.html#missinggreenlet"],
  examples: [
    "mlflow-1 | sqlalchemy.exc.MissingGreenlet: greenlet_spawn has not been called; can't call await_only() here. Was IO attempted in an unexpected place?",
  ],
  lookalikes: ["mlflow-1 | ModuleNotFoundError: No module named 'greenlet'"],
});
