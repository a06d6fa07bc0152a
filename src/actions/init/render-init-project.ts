import type { Random } from "../../ports/random.ts";
import type { InitVersions } from "./plan-init-versions.ts";
import { type InitPorts, renderCompose } from "./render-compose.ts";
import { renderDotenv } from "./render-dotenv.ts";

export interface InitFile {
  /** Relative to the project directory, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly mode: number;
}

/** All files of a new project. `exampleDag` is the text of `resources/init/train_and_log.py`. */
export function renderInitProject(
  versions: InitVersions,
  ports: InitPorts,
  exampleDag: string,
  random: Random,
): readonly InitFile[] {
  const file = (path: string, text: string, mode = 0o644): InitFile => ({ path, text, mode });
  return [
    file("compose.yaml", renderCompose(versions, ports)),
    file(".env", renderDotenv(versions, random), 0o600),
    file(".gitignore", ".env\n__pycache__/\n"),
    file("airflow/Dockerfile", renderAirflowDockerfile(versions)),
    file("mlflow/Dockerfile", renderMlflowDockerfile(versions)),
    file("dags/train_and_log.py", exampleDag),
    file("README.md", renderReadme(versions, ports)),
  ];
}

function renderAirflowDockerfile(versions: InitVersions): string {
  return `FROM apache/airflow:${versions.airflowTag}

# The MLflow client for tasks, of the server's version.
RUN pip install --no-cache-dir mlflow-skinny==${versions.mlflow}
`;
}

function renderMlflowDockerfile(versions: InitVersions): string {
  return `FROM ghcr.io/mlflow/mlflow:v${versions.mlflow}

# The image has no driver for PostgreSQL.
RUN pip install --no-cache-dir psycopg2-binary==${versions.psycopg2}
`;
}

function renderReadme(versions: InitVersions, ports: InitPorts): string {
  return `# Airflow ${versions.airflow} and MLflow ${versions.mlflow}

    bulkhead up       # start everything and wait until it is ready
    bulkhead prove    # run a task that logs to MLflow, and check what arrived
    bulkhead down     # stop; the data stays (down -v removes it, after a backup)

| | address | login |
|---|---|---|
| Airflow | http://localhost:${ports.airflow} | \`AIRFLOW_ADMIN_USER\` and \`AIRFLOW_ADMIN_PASSWORD\` in \`.env\` |
| MLflow | http://localhost:${ports.mlflow} | none |

The same files run under Docker: \`docker compose up --build --wait\`.

- \`compose.yaml\`: all services, with the reason for each unusual setting
- \`.env\`: passwords and keys of this project only
- \`dags/train_and_log.py\`: an example: trigger it in Airflow, then look at its run in MLflow
- \`airflow/\`, \`mlflow/\`: what is added to the official images
`;
}
