import { compareReleaseVersions } from "../compare-release-versions.ts";

/** How one Airflow release is operated. */
export interface AirflowOperation {
  /** Creates or upgrades the tables; run once, before everything else. */
  readonly migrate: readonly string[];
  /** Long-running components without which DAGs do not run, in the order a person starts them. */
  readonly components: readonly string[];
  /** Component that serves the UI and the API. */
  readonly api: "webserver" | "api-server";
  /** Path of the health body there. */
  readonly healthPath: string;
  /**
   * Where users come from: `fab` from the database (`airflow users create`), `simple` from a password file that the
   * api-server writes, printed into its log.
   */
  readonly users: "fab" | "simple";
  /** Settings that must have one value in all components, as environment variables. */
  readonly equalSettings: readonly string[];
}

/**
 * Facts of a release (`2.7.0`). `authManager` is AIRFLOW__CORE__AUTH_MANAGER where it is set. Sources: the releases'
 * command line and configuration references; `db migrate` since 2.7 (airflow PR #34049), webserver removed in 3.0 (PR
 * #47131), SimpleAuthManager the default since 3.0 (PR #47691).
 */
export function airflowOperation(version: string, authManager?: string): AirflowOperation {
  const isThree = compareReleaseVersions(version, "3.0.0") >= 0;
  const shared = ["AIRFLOW__CORE__FERNET_KEY", "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "AIRFLOW__CORE__EXECUTOR"];
  if (isThree) {
    return {
      migrate: ["airflow", "db", "migrate"],
      components: ["api-server", "scheduler", "dag-processor"],
      api: "api-server",
      healthPath: "/api/v2/monitor/health",
      users: authManager?.endsWith("FabAuthManager") === true ? "fab" : "simple",
      equalSettings: [
        ...shared,
        "AIRFLOW__API__SECRET_KEY",
        "AIRFLOW__API_AUTH__JWT_SECRET",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL",
      ],
    };
  }
  const hasInternalApi = compareReleaseVersions(version, "2.10.0") >= 0;
  return {
    migrate: ["airflow", "db", compareReleaseVersions(version, "2.7.0") >= 0 ? "migrate" : "upgrade"],
    components: ["webserver", "scheduler"],
    api: "webserver",
    healthPath: "/health",
    users: "fab",
    equalSettings: [
      ...shared,
      "AIRFLOW__WEBSERVER__SECRET_KEY",
      ...(hasInternalApi ? ["AIRFLOW__CORE__INTERNAL_API_SECRET_KEY"] : []),
    ],
  };
}
