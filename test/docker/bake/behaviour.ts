/** One thing that users rely on in an official image, which its stand-in does too. */
export interface Behaviour {
  readonly sentence: string;
  /** Where the image's makers say it. */
  readonly source: string;
}

const postgresPage = (section: string): string => `docker-library/docs, postgres/content.md, "${section}"`;
const scripts = postgresPage("Initialization scripts");

/** `postgres:MAJOR`; held by ../images-postgres.test.ts. */
export const postgresBehaviour = {
  defaultUser: {
    sentence: "without POSTGRES_USER and POSTGRES_DB, the superuser and the database are named postgres",
    source: postgresPage("POSTGRES_USER"),
  },
  user: {
    sentence: "POSTGRES_USER names the superuser, and the database where POSTGRES_DB is not given",
    source: postgresPage("POSTGRES_DB"),
  },
  database: { sentence: "POSTGRES_DB names the database", source: postgresPage("POSTGRES_DB") },
  passwordRequired: {
    sentence: "an empty data directory without POSTGRES_PASSWORD ends the container with a message that says so",
    source: postgresPage("POSTGRES_PASSWORD"),
  },
  trustInside: {
    sentence: "inside the container no password is asked",
    source: postgresPage("POSTGRES_PASSWORD"),
  },
  passwordOutside: {
    sentence: "from another container the password is asked",
    source: postgresPage("POSTGRES_PASSWORD"),
  },
  trustMethod: {
    sentence: "POSTGRES_HOST_AUTH_METHOD=trust asks nobody for a password, and warns",
    source: postgresPage("POSTGRES_HOST_AUTH_METHOD"),
  },
  initdbArguments: {
    sentence: "POSTGRES_INITDB_ARGS goes to initdb, with quotes as in a shell",
    source: postgresPage("POSTGRES_INITDB_ARGS"),
  },
  dataDirectory: { sentence: "PGDATA moves the data directory", source: postgresPage("PGDATA") },
  secretFile: {
    sentence: "VARIABLE_FILE gives a setting from a file; both forms at once are refused",
    source: postgresPage("Docker Secrets"),
  },
  scriptOrder: {
    sentence:
      "on an empty data directory, files of /docker-entrypoint-initdb.d run in the order of their names: .sql and " +
      ".sql.gz as POSTGRES_USER on POSTGRES_DB, .sh executed or, without the right to, sourced; others are left out",
    source: scripts,
  },
  scriptUser: { sentence: "init scripts run as the system's user postgres", source: scripts },
  scriptSocketOnly: {
    sentence: "the server that init scripts talk to listens on the Unix socket only",
    source: scripts,
  },
  scriptFails: {
    sentence: "an init script that fails ends the container, and the next start goes on without the rest",
    source: scripts,
  },
  skipsInitialisation: {
    sentence: "a data directory that holds a database is taken as it is, whatever the variables say",
    source: postgresPage("Environment Variables"),
  },
  serverOptions: {
    sentence: "options in the command go to the server",
    source: postgresPage("Database Configuration"),
  },
  locale: { sentence: "databases are UTF8 with the locale en_US.utf8", source: postgresPage("Locale Customization") },
  otherMajor: {
    sentence: "data of another major version ends the container",
    source: 'docker-library/docs, postgres/content.md, "PGDATA": a major upgrade is the user\'s own work',
  },
  fastShutdown: {
    sentence: "a stop is the server's fast shutdown",
    source: "docker-library/postgres, Dockerfile-debian.template, STOPSIGNAL SIGINT",
  },
  clients: {
    sentence: "psql, pg_isready, pg_dump, pg_restore and pg_dumpall of the same major are on PATH",
    source: postgresPage("... or via `psql`"),
  },
  volume: {
    sentence: "the data directory is a volume, of the user postgres with the id 999",
    source: postgresPage("Where to Store Data"),
  },
} as const satisfies Readonly<Record<string, Behaviour>>;

const airflowPage = (section: string): string => `apache/airflow, docker-stack-docs/entrypoint.rst, "${section}"`;
const anyUser = airflowPage("Allowing arbitrary user to run the container");
const database = airflowPage("Waits for Airflow DB connection");
const commands = airflowPage("Executing commands");

/** `apache/airflow:VERSION`; held by ../images-airflow.test.ts. */
export const airflowBehaviour = {
  version: { sentence: "it is the release that its tag names", source: "apache/airflow, docker-stack-docs/index.rst" },
  user: { sentence: "it runs as airflow (50000) of the group root, in /opt/airflow", source: anyUser },
  anyUser: { sentence: "another user of the group root gets a name and airflow's home", source: anyUser },
  otherGroup: { sentence: "a user of another group is refused", source: anyUser },
  umask: { sentence: "what it makes, the group root may write", source: anyUser },
  bash: { sentence: "a command that begins with bash or python runs as it is", source: commands },
  airflow: { sentence: "any other command is airflow's, with or without the word airflow", source: commands },
  awaitsDatabase: {
    sentence: "it asks the database CONNECTION_CHECK_MAX_COUNT times, then ends with the last answer",
    source: database,
  },
  asksNoDatabase: { sentence: "CONNECTION_CHECK_MAX_COUNT=0 asks nothing", source: database },
  migrates: {
    sentence: "_AIRFLOW_DB_MIGRATE of any value migrates before the command",
    source: airflowPage("Upgrading Airflow DB"),
  },
  createsUser: {
    sentence: "_AIRFLOW_WWW_USER_CREATE makes an administrator with _AIRFLOW_WWW_USER_PASSWORD",
    source: airflowPage("Creating admin user"),
  },
  userWithoutPassword: {
    sentence: "_AIRFLOW_WWW_USER_CREATE without a password ends the container",
    source: airflowPage("Creating admin user"),
  },
  requirements: {
    sentence: "_PIP_ADDITIONAL_REQUIREMENTS is installed before the command",
    source: airflowPage("Installing additional requirements"),
  },
  extends: {
    sentence: "a Dockerfile of FROM and RUN pip install adds packages",
    source: 'apache/airflow, docker-stack-docs/build.rst, "Adding new PyPI packages individually"',
  },
  signals: { sentence: "dumb-init is the first process", source: airflowPage("Signal propagation") },
  curl: {
    sentence: "curl is there for health checks",
    source: "apache/airflow, docs/howto/docker-compose/docker-compose.yaml, healthcheck",
  },
} as const satisfies Readonly<Record<string, Behaviour>>;

/** `mlflow/mlflow:vVERSION`; held by ../images-mlflow.test.ts. */
export const mlflowBehaviour = {
  version: {
    sentence: "it is the release that its tag names",
    source: "mlflow/mlflow, docker/Dockerfile, ARG VERSION",
  },
  command: {
    sentence: "the command runs as it is, as root in /",
    source: "mlflow/mlflow, docker/Dockerfile: FROM python:slim, no ENTRYPOINT, USER or WORKDIR",
  },
  noDriver: { sentence: "there is no driver for PostgreSQL", source: "mlflow/mlflow issue 9513" },
  noCurl: { sentence: "there is no curl", source: "mlflow/mlflow issue 20926" },
  pip: { sentence: "pip install adds packages, in a command and in a Dockerfile", source: "mlflow/mlflow issue 9513" },
} as const satisfies Readonly<Record<string, Behaviour>>;
