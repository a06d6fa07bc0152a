/** An option of Airflow that names a database, a broker or a server. */
export interface AirflowOption {
  readonly role: "metadata" | "async" | "results" | "broker" | "execution-api";
  readonly section: string;
  readonly key: string;
}

/**
 * Where Airflow reads its addresses from, the stronger first within a role (configuration reference; `core` is the
 * pre-2.3 section of the database and still read). Each option is looked for as AIRFLOW__SECTION__KEY, then with _CMD,
 * then with _SECRET; after all of those in airflow.cfg (AirflowConfigParser._lookup_sequence, 2.3 to 3.3).
 */
export const airflowOptions: readonly AirflowOption[] = [
  { role: "metadata", section: "database", key: "sql_alchemy_conn" },
  { role: "metadata", section: "core", key: "sql_alchemy_conn" },
  // From 3.1 on; unset, Airflow makes it of the one above.
  { role: "async", section: "database", key: "sql_alchemy_conn_async" },
  { role: "results", section: "celery", key: "result_backend" },
  { role: "broker", section: "celery", key: "broker_url" },
  { role: "execution-api", section: "core", key: "execution_api_server_url" },
];

/** The environment variable of an option. */
export function airflowVariable({ section, key }: Pick<AirflowOption, "section" | "key">): string {
  return `AIRFLOW__${section.toUpperCase()}__${key.toUpperCase()}`;
}
