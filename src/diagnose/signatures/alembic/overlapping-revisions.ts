import { defineSignature } from "../../signature.ts";

export const overlappingRevisions = defineSignature({
  id: "overlapping-revisions",
  group: "alembic",
  kind: "fault",
  confidence: "certain",
  marks: ["overlaps with other requested revisions"],
  patterns: [/Requested revision (?<revision>\S+) overlaps with other requested revisions (?<others>.+?)\s*$/],
  what: "the version table that {service|a service} reads holds two revisions of one history: {revision} and {others}",
  why: "A row was inserted by hand or restored twice. Of two revisions of one history only the newer can be true.",
  cure: [
    { say: "See the rows and which one the tables agree with", run: "bulkhead db status" },
    { say: "Back up before a row is removed", run: "bulkhead db backup" },
  ],
  part: "database",
  sources: ["https://github.com/bitnami/bitnami-docker-airflow-worker/issues/10"],
  examples: [
    "airflow-init-1  | alembic.util.exc.CommandError: Requested revision 405de8318b3a overlaps with other requested revisions 290244fb8b83",
  ],
  lookalikes: ["airflow-1 | INFO [alembic.runtime.migration] Running upgrade 290244fb8b83 -> 6abdffdd4815"],
});
