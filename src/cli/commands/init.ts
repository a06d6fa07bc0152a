import { resolve } from "node:path";
import { defineCommand } from "../define-command.ts";

export const command = defineCommand({
  name: "init",
  order: 10,
  summary: "Write a new project: Airflow, MLflow and a PostgreSQL server for each",
  description:
    "Writes compose.yaml, Dockerfiles, .env with random passwords (mode 0600), and dags/ with an example DAG that logs to MLflow. Refuses to overwrite files. The project runs under Docker Compose unchanged.",
  examples: [
    { line: "bulkhead init my-stack", says: "a new directory with a project" },
    { line: "bulkhead init --airflow 3.3.2 --airflow-port 8090", says: "here, with a version and port of your own" },
  ],
  positionals: [
    {
      name: "DIR",
      required: false,
      repeatable: false,
      description: "Directory to write to; the current one when left out",
    },
  ],
  projectless: true,
  flags: {
    airflow: { long: "airflow", type: "string", value: "VERSION", description: "Airflow version" },
    mlflow: { long: "mlflow", type: "string", value: "VERSION", description: "MLflow version" },
    postgres: { long: "postgres", type: "string", value: "MAJOR", description: "PostgreSQL major version" },
    airflowPort: {
      long: "airflow-port",
      type: "integer",
      value: "PORT",
      description: "Port of Airflow's user interface",
    },
    mlflowPort: { long: "mlflow-port", type: "integer", value: "PORT", description: "Port of MLflow's user interface" },
  },
  async run({ action }, { flags, positionals: [directory = "."] }) {
    const { init } = await import("../../actions/init.ts");
    const { airflow, mlflow, postgres, airflowPort, mlflowPort } = flags;
    const result = await init(action, {
      directory: resolve(action.ports.host.cwd, directory),
      ...(airflow === undefined ? {} : { airflow }),
      ...(mlflow === undefined ? {} : { mlflow }),
      ...(postgres === undefined ? {} : { postgres }),
      ...(airflowPort === undefined ? {} : { airflowPort }),
      ...(mlflowPort === undefined ? {} : { mlflowPort }),
    });
    const lines = [
      `Wrote ${result.files.length} files into ${result.directory}:`,
      ...result.files.map((file) => `  ${file}`),
    ];
    const next = result.next.length === 0 ? [] : ["", "Next:", ...result.next.map((line) => `  ${line}`)];
    return { exitCode: 0, payload: { ...result }, text: [...lines, ...next].join("\n") };
  },
});
