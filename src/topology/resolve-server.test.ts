import { describe, expect, it } from "vitest";
import { topologyOf } from "../../test/helpers/topology-of.ts";

const db = (rest: string): string => `
services:
  db:
    image: postgres:16
    environment: { POSTGRES_USER: airflow, POSTGRES_PASSWORD: secret, POSTGRES_DB: airflow }
${rest}`;

function serverOf(compose: string, more: Readonly<Record<string, string>> = {}) {
  const [server] = topologyOf(compose, more).servers;
  if (server === undefined) throw new Error("no server");
  return {
    ...server,
    databases: server.databases.map(({ name, owner }) => `${name} ${owner.state === "known" ? owner.value : "?"}`),
    roles: server.roles.map(
      ({ name, password }) => `${name} ${password.state === "known" ? password.value : password.state}`,
    ),
    grants: server.grants.map(
      ({ privileges, on, object, grantee }) => `${privileges.join()} ${on} ${object} ${grantee}`,
    ),
    made: server.databases.at(-1)?.creation,
  };
}

const mounted = db("    volumes: [./init:/docker-entrypoint-initdb.d:ro]\n");

describe("resolveServers", () => {
  it("knows what the environment makes", () => {
    expect(serverOf(db(""))).toMatchObject({
      databases: ["airflow airflow", "postgres airflow"],
      roles: ["airflow secret"],
      complete: true,
      port: 5432,
    });
  });

  it("reads a mounted SQL script, each role and grant", () => {
    const sql =
      "CREATE USER mlflow PASSWORD 'm';\nCREATE DATABASE mlflow OWNER mlflow;\n\\c mlflow\nGRANT ALL ON SCHEMA public TO mlflow;\n";
    const server = serverOf(mounted, { "/p/init/10.sql": sql });
    expect(server).toMatchObject({
      databases: ["airflow airflow", "postgres airflow", "mlflow mlflow"],
      roles: ["airflow secret", "mlflow m"],
      grants: ["ALL schema public mlflow"],
      complete: true,
      initScripts: [{ target: "/docker-entrypoint-initdb.d/10.sql", file: "/p/init/10.sql", from: "mount" }],
      made: { by: "init-script", worksOnExistingData: false },
    });
  });

  it("reads a shell script with the service's variables", () => {
    const script = `#!/bin/bash
set -e
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<-EOSQL
	CREATE USER mlflow WITH PASSWORD '$MLFLOW_PASSWORD';
	CREATE DATABASE mlflow;
	GRANT ALL PRIVILEGES ON DATABASE mlflow TO mlflow;
EOSQL
`;
    const compose = mounted.replace("POSTGRES_DB", "MLFLOW_PASSWORD: pw, POSTGRES_DB");
    expect(serverOf(compose, { "/p/init/init.sh": script })).toMatchObject({
      databases: ["airflow airflow", "postgres airflow", "mlflow airflow"],
      roles: ["airflow secret", "mlflow pw"],
      grants: ["ALL database mlflow mlflow"],
      complete: true,
    });
    expect(serverOf(mounted, { "/p/init/init.sh": script }).roles).toEqual(["airflow secret", "mlflow unknown"]);
  });

  it("reads SQL that a Dockerfile copies, and a config's content", () => {
    const built = db("    build: ./pg\n").replace("    image: postgres:16\n", "");
    const files = {
      "/p/pg/Dockerfile": "FROM postgres:16\nCOPY init.sql /docker-entrypoint-initdb.d/\n",
      "/p/pg/init.sql": "CREATE DATABASE mlflow;",
    };
    expect(serverOf(built, files)).toMatchObject({
      databases: ["airflow airflow", "postgres airflow", "mlflow airflow"],
      complete: true,
      initScripts: [{ from: "image" }],
    });
    const config = db(
      "    configs: [{ source: init, target: /docker-entrypoint-initdb.d/init.sql }]\nconfigs: { init: { content: 'CREATE DATABASE mlflow;' } }\n",
    );
    expect(serverOf(config)).toMatchObject({
      databases: ["airflow airflow", "postgres airflow", "mlflow airflow"],
      complete: true,
    });
  });

  it.each([
    "psql -h db -U airflow -c 'CREATE DATABASE mlflow'",
    "createdb --host=db -O airflow mlflow",
    'bash -c "echo \\"SELECT \'CREATE DATABASE mlflow\' WHERE NOT EXISTS (SELECT 1)\\\\gexec\\" | psql postgresql://airflow:secret@db/postgres"',
    "sh -c 'until pg_isready -h db; do sleep 1; done; psql -h db -tc \"SELECT 1\" | grep -q 1 || createdb -h db -U airflow mlflow'",
  ])("reads the job %s, which also works on existing data", (command) => {
    const server = serverOf(`${db("")}  job:\n    image: postgres:16\n    command: >-\n      ${command}\n`);
    expect(server).toMatchObject({
      databases: ["airflow airflow", "postgres airflow", "mlflow airflow"],
      made: { by: "job", service: "job", worksOnExistingData: true },
    });
  });

  it("does not take a job of another server for its own", () => {
    const compose = `${db("")}  job: { image: "postgres:16", command: createdb -h elsewhere mlflow }\n`;
    expect(serverOf(compose).databases).toEqual(["airflow airflow", "postgres airflow"]);
  });

  it.each([
    ["a folder that is a volume", db("    volumes: [init:/docker-entrypoint-initdb.d]\nvolumes: { init: {} }\n"), {}],
    ["a script that is missing", db("    volumes: [./gone.sql:/docker-entrypoint-initdb.d/gone.sql]\n"), {}],
    ["a compressed dump", mounted, { "/p/init/dump.sql.gz": "x" }],
    ["a name put together at run time", mounted, { "/p/init/a.sh": 'createdb "$(hostname)"' }],
    [
      "a volume from outside",
      db("    volumes: [data:/var/lib/postgresql/data]\nvolumes: { data: { external: true } }\n"),
      {},
    ],
    [
      "a job nobody can read",
      `${db("")}  job: { image: "python:3.12", command: python create.py --host db }\n  app: { image: "nginx:1", depends_on: { job: { condition: service_completed_successfully } } }\n`,
      {},
    ],
  ])("is not complete with %s", (_what, compose, files) => {
    const server = serverOf(compose, files);
    expect(server.complete).toBe(false);
    expect(server.gaps).toHaveLength(1);
  });

  it("does not know a password that is blank because nothing sets its variable", () => {
    expect(serverOf(db("").replace("secret", '"${NOWHERE}"')).roles).toEqual(["airflow unknown"]);
  });

  it("reads the port from the command and from PGPORT", () => {
    expect(serverOf(db("    command: -c port=5433\n")).port).toBe(5433);
    expect(serverOf(db("    command: postgres -p 5434\n")).port).toBe(5434);
    expect(serverOf(db("").replace("POSTGRES_DB", "PGPORT: 5435, POSTGRES_DB")).port).toBe(5435);
  });
});
