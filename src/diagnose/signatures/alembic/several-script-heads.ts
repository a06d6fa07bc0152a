import { defineSignature } from "../../signature.ts";

export const severalScriptHeads = defineSignature({
  id: "several-script-heads",
  group: "alembic",
  kind: "fault",
  confidence: "certain",
  marks: ["Multiple head revisions are present"],
  patterns: [/Multiple head revisions are present for given argument '(?<argument>[^']+)'/],
  what: "the migration scripts that {service|a service} has installed end in more than one revision",
  why: "The code, not the database, has two heads: a plugin or a half-finished upgrade left scripts of another release in the image.",
  cure: [
    {
      say: "Build the image again without what was installed over it",
      run: "docker compose build --no-cache {service}",
    },
    { say: "Then look at what the package really has", run: "bulkhead exec {service} python -m pip check" },
  ],
  sources: ["https://github.com/apache/superset/issues/17417"],
  examples: [
    "superset-1  | alembic.util.exc.CommandError: Multiple head revisions are present for given argument 'head'; please specify a specific target revision, '<branchname>@head' to narrow to a specific head, or 'heads' for all heads",
  ],
  lookalikes: [
    "airflow-1 | alembic.util.exc.CommandError: Version table 'alembic_version' has more than one head present",
  ],
});
