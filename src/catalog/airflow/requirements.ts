/**
 * pip requirement lines of what native installs for one Airflow release: the core, PostgreSQL, and what a 3.x core no
 * longer brings itself (user management, the standard operators). The official image carries dozens of providers more;
 * those come from the project's own pip lines.
 *
 * `version` is a full release number (`2.7.0`, `3.3.2`). Lines are without upper bounds: the lock decides.
 */
export function airflowRequirements(version: string): readonly string[] {
  const core = `apache-airflow==${version}`;
  const postgres = ["apache-airflow-providers-postgres", "psycopg2-binary"];
  return Number.parseInt(version, 10) < 3
    ? [core, ...postgres]
    : [core, "apache-airflow-providers-fab", "apache-airflow-providers-standard", ...postgres];
}
