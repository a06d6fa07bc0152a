/** The states of the article's services, with its scheduler, after `db split` gave MLflow a server of its own. */
export const separatedStates = {
  airflow: "ready",
  "airflow-init": "completed",
  "airflow-scheduler": "ready",
  mlflow: "ready",
  postgres: "ready",
  "postgres-mlflow": "ready",
};

/** States by service in what `ps --json` prints. */
export function statesOf(printed: string): Readonly<Record<string, string>> {
  const { services } = JSON.parse(printed) as { services: { name: string; state: string }[] };
  return Object.fromEntries(services.map(({ name, state }) => [name, state]));
}
