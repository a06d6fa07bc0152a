import { createDoctor, type Doctor } from "./doctor.ts";
import { createProject, freePort, type FaultProject } from "./fault-project.ts";
import type { StackHome } from "./stack-home.ts";

/** Only the server is started: what applications keep there is looked at as their roles. */
export const compose = (port: number): string => `services:
  db:
    image: postgres:17
    command: -c max_connections=30 -c wal_level=replica
    environment: {POSTGRES_USER: admin, POSTGRES_PASSWORD: "\${ADMIN_PASSWORD:?}", POSTGRES_DB: airflow}
    volumes: ["data:/var/lib/postgresql/data", "./init:/docker-entrypoint-initdb.d"]
    ports: ["127.0.0.1:${port}:5432"]
  airflow:
    image: apache/airflow:3.3.2
    command: scheduler
    environment:
      AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: postgresql+psycopg2://airflow:\${AIRFLOW_PASSWORD:?}@db/airflow
    volumes: ["./logs:/opt/airflow/logs", "./dags:/opt/airflow/dags"]
  mlflow:
    image: ghcr.io/mlflow/mlflow:v3.17.2
    command: mlflow server --host 0.0.0.0
    environment:
      MLFLOW_BACKEND_STORE_URI: postgresql+psycopg2://mlflow:\${MLFLOW_PASSWORD:?}@db/mlflow
volumes: {data: {}}
`;

const init = `create role airflow login password 'first-airflow';
create role mlflow login password 'first-mlflow';
create database mlflow;
alter database airflow owner to airflow;
`;

/** `.env`, by the password of airflow and of the server's own role. */
export const variables = (airflow: string, admin = "first-admin"): string =>
  `ADMIN_PASSWORD=${admin}\nAIRFLOW_PASSWORD=${airflow}\nMLFLOW_PASSWORD=first-mlflow\n`;

/** Connections as doctor calls them. */
export const ofAirflow = "airflow: airflow@db:5432/airflow";
export const ofAdmin = "db: admin@db:5432/airflow";
export const ofMlflow = "mlflow: mlflow@db:5432/mlflow";

/** A project whose server runs, and its doctor. */
export interface DoctorProject extends FaultProject {
  readonly doctor: Doctor;
  /** Where the server listens on this machine. */
  readonly port: number;
  /** Asks the server as its own role; gives what psql prints. Throws when that fails. */
  sql(text: string, database?: string): Promise<string>;
}

export async function createDoctorProject(home: StackHome): Promise<DoctorProject> {
  const port = await freePort();
  const project = await createProject(home, "doctor", {
    "compose.yaml": compose(port),
    "init/roles.sql": init,
    ".env": variables("first-airflow"),
    "dags/a.py": 'PLACE = "/opt/airflow/data/in.csv"\n',
  });
  const up = await project.run("up", "--no-check", "db");
  if (up.exitCode !== 0) throw new Error(up.stderr);
  return {
    ...project,
    doctor: createDoctor({ ...project, env: home.env }),
    port,
    sql: async (text, database = "postgres") => {
      const psql = ["psql", "-U", "admin", "-d", database, "-Atc", text];
      const { exitCode, stdout, stderr } = await project.run("exec", "db", ...psql);
      if (exitCode !== 0) throw new Error(stderr);
      return stdout.trim();
    },
  };
}
