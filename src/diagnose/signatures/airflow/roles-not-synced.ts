import { defineSignature } from "../../signature.ts";

export const rolesNotSynced = defineSignature({
  id: "roles-not-synced",
  group: "airflow",
  kind: "fault",
  confidence: "certain",
  marks: ["is not a valid role. Valid roles are"],
  patterns: [/"?(?<role>[\w-]+)"? is not a valid role\. Valid roles are: \[\]/],
  what: "{service|a service} makes a user with the role {role} before any role exists",
  why: "Roles are made by the webserver's first start or by `airflow sync-perm`, not by every migration.",
  cure: [{ say: "Make the roles, then the user", run: "bulkhead exec {service} airflow sync-perm" }],
  sources: ["https://github.com/astronomer/astronomer-cosmos/issues/1565"],
  examples: [
    'airflow-init-1 | Error: "Admin" is not a valid role. Valid roles are: []',
    "airflow-init-1 | Admin is not a valid role. Valid roles are: []",
  ],
  lookalikes: ["airflow-init-1 | Amin is not a valid role. Valid roles are: [Admin, Op, User, Viewer, Public]"],
});
