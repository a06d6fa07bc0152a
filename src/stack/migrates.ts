import type { ServiceRole } from "../topology/topology.ts";

/** The service brings its application's tables to the installed release: by its command, or by what its image does first. */
export function migrates(role: ServiceRole): boolean {
  const variables = ["_AIRFLOW_DB_MIGRATE", "_AIRFLOW_DB_UPGRADE"];
  return (
    role.component?.id === "migration" ||
    (role.product === "airflow" && variables.some((name) => (role.environment[name] ?? "") !== ""))
  );
}
