import type { Service } from "../../compose/project.ts";
import type { ServiceRole } from "../../topology/topology.ts";

/** Whether a service starts through the Airflow image's own `/entrypoint`, which nothing in the project replaces. */
export function usesImageEntrypoint(role: ServiceRole, service: Pick<Service, "entrypoint">): boolean {
  return (
    role.behaviour?.home === "/home/airflow" && service.entrypoint == null && role.dockerfile?.entrypoint === undefined
  );
}
