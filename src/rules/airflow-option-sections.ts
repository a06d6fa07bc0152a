/**
 * Options that people put in a wrong section, with the sections that hold them, from 3.0 on and before (configuration
 * references of 2.3 to 3.3; `AIRFLOW__SECRETS__JWT_SECRET` is ignored without a word: airflow #62026).
 */
export const airflowOptionSections: Readonly<Record<string, readonly string[]>> = {
  jwt_secret: ["api_auth"],
  secret_key: ["api", "webserver"],
  fernet_key: ["core"],
  internal_api_secret_key: ["core"],
  executor: ["core"],
  parallelism: ["core"],
  load_examples: ["core"],
  dags_folder: ["core"],
  dags_are_paused_at_creation: ["core"],
  auth_manager: ["core"],
  execution_api_server_url: ["core"],
  broker_url: ["celery"],
  result_backend: ["celery"],
};

/** Sections of Airflow and of the providers in its image, 2.3 to 3.3. */
export const airflowSections: readonly string[] = [
  "api api_auth atlas aws azure_remote_logging callbacks celery celery_broker_transport_options",
  "celery_kubernetes_executor cli connection_test core dag_processor dask database debug edge",
  "elasticsearch elasticsearch_configs email execution_api fab hive kerberos kubernetes",
  "kubernetes_environment_variables kubernetes_executor lineage local_kubernetes_executor logging",
  "metrics openlineage opensearch operators profiling scheduler sdk secrets sensors sentry",
  "smart_sensor smtp state_store traces triggerer usage_data_collection webserver workers",
].flatMap((line) => line.split(" "));
