import { defineSignature } from "../../signature.ts";

export const twoHeads = defineSignature({
  id: "two-heads",
  group: "alembic",
  kind: "fault",
  confidence: "certain",
  marks: ["has more than one head present"],
  patterns: [/Version table '(?<table>[^']+)' has more than one head present/],
  what: "the version table {table} that {service|a service} reads holds more than one revision",
  why: "Two applications, or two parts of one, each put their row into the same version table. Alembic then refuses to say which is current.",
  cure: [
    { say: "See whose rows they are", run: "bulkhead db status" },
    { say: "Separate the applications without losing a row", run: "bulkhead db split" },
  ],
  part: "database",
  sources: ["https://github.com/dagster-io/dagster/issues/27390"],
  examples: [
    "airflow-init-1  | alembic.util.exc.CommandError: Version table 'alembic_version' has more than one head present; please use get_current_heads()",
  ],
  lookalikes: ["app-1 | alembic.util.exc.CommandError: Multiple head revisions are present for given argument 'head'"],
});
