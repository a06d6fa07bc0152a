import type { ConnectionPlace } from "../product.ts";

/** Where Airflow reads its databases from (configuration reference; CORE is the pre-2.3 section and still read). */
export const airflowConnections: readonly ConnectionPlace[] = [
  { variable: "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", role: "metadata", precedence: 0 },
  { variable: "AIRFLOW__CORE__SQL_ALCHEMY_CONN", role: "metadata", precedence: 1 },
  { variable: "AIRFLOW__CELERY__RESULT_BACKEND", role: "results", precedence: 0 },
];
