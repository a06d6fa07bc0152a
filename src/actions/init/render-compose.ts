import type { InitVersions } from "./plan-init-versions.ts";

export interface InitPorts {
  readonly airflow: number;
  readonly mlflow: number;
}

/** Text of a new project's compose.yaml. Its variables stand in `.env`, see render-dotenv.ts. */
export function renderCompose(versions: InitVersions, ports: InitPorts): string {
  return [
    header(versions),
    "services:",
    section("PostgreSQL: a server, a database and a role of its own for each application"),
    database("airflow", versions),
    "",
    database("mlflow", versions),
    section(`Airflow ${versions.airflow}`),
    airflowJobs(versions),
    "",
    airflowComponents(versions, ports),
    section(`MLflow ${versions.mlflow}`),
    ...(versions.mlflowMigrates ? [mlflowJob(), ""] : []),
    mlflowServer(versions, ports),
    "",
    volumes(),
    "",
  ].join("\n");
}

function section(title: string): string {
  return `\n  # ---- ${title} ----\n`;
}

function header(versions: InitVersions): string {
  return `# Airflow and MLflow side by side, each with a PostgreSQL server of its own, on one network.
# Passwords and keys stand in .env. Only the two UIs are reachable from outside, and only from this machine.

# What all Airflow components share: they must agree on every one of these values.
x-airflow: &airflow
  build: ./airflow
  environment: &airflow-environment
    AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: postgresql+psycopg2://airflow:\${AIRFLOW_DB_PASSWORD:?}@airflow-db:5432/airflow
    AIRFLOW__CORE__FERNET_KEY: \${AIRFLOW_FERNET_KEY:?}
${airflowKeys(versions)}
    AIRFLOW__CORE__LOAD_EXAMPLES: "false"
    AIRFLOW__CORE__EXECUTOR: LocalExecutor
    # LocalExecutor keeps a worker process for each task that may run at once; the default of 32 is too much for a laptop.
    AIRFLOW__CORE__PARALLELISM: "4"
${airflowWorkers(versions)}
    # Lets the scheduler's health check ask the scheduler itself.
    AIRFLOW__SCHEDULER__ENABLE_HEALTH_CHECK: "true"
${airflowUsage(versions)}    # For the MLflow client in tasks.
    MLFLOW_TRACKING_URI: http://mlflow:5000
    MLFLOW_DISABLE_TELEMETRY: "true"
  volumes:
    - ./dags:/opt/airflow/dags
    - airflow-logs:/opt/airflow/logs
  depends_on:
    airflow-migrate:
      condition: service_completed_successfully
  restart: unless-stopped
${mlflowShared(versions)}`;
}

function airflowKeys(versions: InitVersions): string {
  if (versions.isAirflow3) {
    return `    AIRFLOW__API__SECRET_KEY: \${AIRFLOW_SECRET_KEY:?}
    AIRFLOW__API_AUTH__JWT_SECRET: \${AIRFLOW_JWT_SECRET:?}
    # Users and roles in the database; Airflow 3's default writes a generated password into its log.
    AIRFLOW__CORE__AUTH_MANAGER: airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager
    # Tasks talk to Airflow through the API server; the default is localhost, where there is none.
    AIRFLOW__CORE__EXECUTION_API_SERVER_URL: http://airflow-api-server:8080/execution/`;
  }
  const internal = versions.airflowInternalApiSecret
    ? "    AIRFLOW__CORE__INTERNAL_API_SECRET_KEY: ${AIRFLOW_SECRET_KEY:?}\n"
    : "";
  return `    AIRFLOW__WEBSERVER__SECRET_KEY: \${AIRFLOW_SECRET_KEY:?}
${internal}    AIRFLOW__API__AUTH_BACKENDS: airflow.api.auth.backend.basic_auth,airflow.api.auth.backend.session`;
}

function airflowWorkers(versions: InitVersions): string {
  return versions.isAirflow3
    ? `    # One process answers the UI, the API and four tasks; each further one costs about 250 MB.
    AIRFLOW__API__WORKERS: "1"`
    : `    # Two processes are enough for one person's UI; the default is 4.
    AIRFLOW__WEBSERVER__WORKERS: "2"`;
}

function airflowUsage(versions: InitVersions): string {
  if (!versions.airflowReportsUsage) return "";
  return `    # No usage statistics to the makers (a release that sends none ignores this).
    AIRFLOW__USAGE_DATA_COLLECTION__ENABLED: "false"
`;
}

function mlflowShared(versions: InitVersions): string {
  const jobs = versions.mlflowChecksHosts
    ? `  # MLflow's own job runner starts 8 processes of 155 MB each; logging runs needs none of them.
  MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "false"
`
    : "";
  return `
x-mlflow-environment: &mlflow-environment
  # In the environment, not in the command, where the process list would show the password.
  MLFLOW_BACKEND_STORE_URI: postgresql+psycopg2://mlflow:\${MLFLOW_DB_PASSWORD:?}@mlflow-db:5432/mlflow
${jobs}  MLFLOW_DISABLE_TELEMETRY: "true"
`;
}

function database(app: "airflow" | "mlflow", versions: InitVersions): string {
  return `  ${app}-db:
    image: postgres:${versions.postgres}
    environment:
      POSTGRES_USER: ${app}
      POSTGRES_PASSWORD: \${${app.toUpperCase()}_DB_PASSWORD:?}
      POSTGRES_DB: ${app}
    volumes:
      - ${app}-db:${versions.postgresVolume}
    healthcheck:
      # By TCP: while the image prepares a new volume, a temporary server answers on the socket only.
      test: [CMD, pg_isready, -h, 127.0.0.1, -U, ${app}, -d, ${app}]
      interval: 5s
      timeout: 5s
      retries: 12
    restart: unless-stopped`;
}

function airflowJobs(versions: InitVersions): string {
  return `  # Creates or upgrades Airflow's tables, then ends. Everything else of Airflow waits for its success.
  airflow-migrate:
    <<: *airflow
    command: db ${versions.airflowMigration}
    depends_on:
      airflow-db:
        condition: service_healthy
    restart: "no"

  # Creates the first user; one that exists is left as it is. The password goes through a pipe, because the process
  # list would show an argument.
  airflow-admin:
    <<: *airflow
    environment:
      <<: *airflow-environment
      ADMIN_USER: \${AIRFLOW_ADMIN_USER:?}
      ADMIN_PASSWORD: \${AIRFLOW_ADMIN_PASSWORD:?}
    command:
      - bash
      - -c
      - |
        printf '%s\\n' "$$ADMIN_PASSWORD" "$$ADMIN_PASSWORD" |
          airflow users create --role Admin --username "$$ADMIN_USER" \\
            --firstname Admin --lastname User --email admin@example.com
    restart: "no"`;
}

function airflowComponents(versions: InitVersions, ports: InitPorts): string {
  const scheduler = `  airflow-scheduler:
    <<: *airflow
    command: scheduler
    healthcheck:
      test: [CMD, curl, --fail, --silent, "http://localhost:8974/health"]
      interval: 10s
      timeout: 5s
      retries: 5
      start_period: 60s`;
  const triggerer = jobChecked("airflow-triggerer", "triggerer", "TriggererJob");
  if (!versions.isAirflow3) {
    return [webserver("airflow-webserver", "webserver", "/health", ports), scheduler, triggerer].join("\n\n");
  }
  return [
    webserver("airflow-api-server", "api-server", "/api/v2/monitor/health", ports),
    scheduler,
    jobChecked("airflow-dag-processor", "dag-processor", "DagProcessorJob"),
    triggerer,
  ].join("\n\n");
}

function webserver(name: string, command: string, health: string, ports: InitPorts): string {
  return `  ${name}:
    <<: *airflow
    command: ${command}
    depends_on:
      # Both write Airflow's roles and permissions into an empty database; at the same time one of them can fail.
      airflow-admin:
        condition: service_completed_successfully
    ports:
      - "127.0.0.1:${ports.airflow}:8080"
    healthcheck:
      test: [CMD, curl, --fail, --silent, "http://localhost:8080${health}"]
      interval: 10s
      timeout: 5s
      retries: 5
      start_period: 60s`;
}

function jobChecked(name: string, command: string, jobType: string): string {
  return `  ${name}:
    <<: *airflow
    command: ${command}
    healthcheck:
      # Has no port to ask. Each check starts a Python process of some seconds, so it comes once a minute.
      test: [CMD, airflow, jobs, check, --job-type, ${jobType}, --local]
      interval: 60s
      timeout: 30s
      retries: 3
      start_period: 60s`;
}

function mlflowJob(): string {
  return `  # Creates or upgrades MLflow's tables, then ends. The server waits for its success.
  mlflow-migrate:
    build: ./mlflow
    # This URL has no password: the command takes it as an argument only, and the process list would show it.
    command: mlflow db upgrade postgresql+psycopg2://mlflow@mlflow-db:5432/mlflow
    environment:
      <<: *mlflow-environment
      PGPASSWORD: \${MLFLOW_DB_PASSWORD:?}
    depends_on:
      mlflow-db:
        condition: service_healthy
    restart: "no"`;
}

function mlflowServer(versions: InitVersions, ports: InitPorts): string {
  const hosts = versions.mlflowChecksHosts
    ? `
      # Which Host headers are answered: the name Airflow's tasks use, and this machine's browser.
      - --allowed-hosts
      - mlflow:*,localhost:*,127.0.0.1:*`
    : "";
  const waitsFor = versions.mlflowMigrates
    ? `      mlflow-migrate:
        condition: service_completed_successfully`
    : `      # The server makes its tables itself: before 3.14 \`mlflow db upgrade\` fails on an empty database.
      mlflow-db:
        condition: service_healthy`;
  return `  mlflow:
    build: ./mlflow
    environment: *mlflow-environment
    command:
      - mlflow
      - server
      - --host=0.0.0.0
      - --port=5000
      # One process is enough on a laptop; each of the default's 4 costs about 250 MB.
      - --workers=1
      # Clients send artifacts to the server, which keeps them on its volume.
      - --artifacts-destination=/mlflow/artifacts${hosts}
    ports:
      - "127.0.0.1:${ports.mlflow}:5000"
    volumes:
      - mlflow-artifacts:/mlflow/artifacts
    depends_on:
${waitsFor}
    healthcheck:
      # Python, because the image has no curl; a search, because /health answers without the database.
      test:
        - CMD
        - python
        - -c
        - |
          from urllib.request import urlopen
          urlopen("http://localhost:5000/api/2.0/mlflow/experiments/search?max_results=1", timeout=5)
      interval: 10s
      timeout: 10s
      retries: 5
      start_period: 60s
    restart: unless-stopped`;
}

function volumes(): string {
  return `volumes:
  airflow-db:
  airflow-logs:
  mlflow-db:
  mlflow-artifacts:`;
}
