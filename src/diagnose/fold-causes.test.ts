import { describe, expect, it } from "vitest";

import { seededRandom } from "../../test/helpers/seeded-random.ts";
import { collectText, foldText } from "../../test/helpers/read-log-text.ts";
import type { Folded } from "./fold-causes.ts";

const causes = ({ causes: found }: Folded) => found.map(({ signature }) => signature);
const noise = (folded: Folded) => folded.noise.map(({ signature }) => signature);

/** What the three errors of the article leave in its logs. */
const article = [
  "WARN[0000] /home/you/mlops/docker-compose.yml: the attribute `version` is obsolete, it will be ignored",
  "mlflow-1 | alembic.script.revision.ResolutionError: No such revision or branch '405de8318b3a'",
  "mlflow-1 | alembic.util.exc.CommandError: Can't locate revision identified by '405de8318b3a'",
  "airflow-1 | ERROR! Maximum number of retries (20) reached.",
  'airflow-1 | connection to server at "airflow" (172.24.0.5), port 5432 failed: Connection refused',
].join("\n");

describe("foldCauses", () => {
  it("explains the article's three errors from its own lines", async () => {
    const folded = await foldText(article);
    expect(folded.causes.map(({ signature, what, confidence }) => [signature, what, confidence])).toEqual([
      [
        "foreign-revision",
        "mlflow opens a database that another application migrated: revision 405de8318b3a belongs to Airflow 2.7.0 to 2.7.3",
        "certain",
      ],
      [
        "host-is-not-a-database",
        "airflow looks for PostgreSQL at airflow, which is no database but an application",
        "certain",
      ],
    ]);
    expect(folded.causes[1]?.consequences.map(({ signature }) => signature)).toEqual(["entrypoint-gave-up"]);
    expect(noise(folded)).toEqual(["obsolete-version"]);
    expect(folded.unexplained).toEqual([]);
  });

  it("tells a downgrade from a collision by who has the revision", async () => {
    const line = (service: string, id: string) =>
      `${service}-1 | alembic.util.exc.CommandError: Can't locate revision identified by '${id}'`;
    expect(causes(await foldText(line("mlflow", "405de8318b3a")))).toEqual(["foreign-revision"]);
    expect(causes(await foldText(line("airflow-init", "7f2a7d5fae7d")))).toEqual(["foreign-revision"]);
    expect(causes(await foldText(line("mlflow", "0584bdc529eb")))).toEqual(["newer-revision"]);
    expect(causes(await foldText(line("airflow-init", "5f2621c13b39")))).toEqual(["newer-revision"]);
    expect(causes(await foldText(line("mlflow", "f00dfeedbeef")))).toEqual(["unknown-revision"]);
    // Airflow and MLflow both have it.
    const [both] = (await foldText(line("mlflow", "a1b2c3d4e5f6"))).causes;
    expect(both?.confidence).toBe("likely");
  });

  it("joins a refused password with a volume that was filled before", async () => {
    const refused = 'postgres-1 | FATAL:  password authentication failed for user "airflow"';
    expect(causes(await foldText(refused))).toEqual(["password-refused"]);
    const kept = "postgres-1 | PostgreSQL Database directory appears to contain a database; Skipping initialization";
    const [cause] = (await foldText(`${kept}\n${refused}`)).causes;
    expect(cause).toMatchObject({ signature: "stale-volume-password", confidence: "certain" });
    expect(cause?.cure[0]?.run).toContain("\\password airflow");
    expect(JSON.stringify(cause?.cure)).not.toContain("down -v");
    // The client's line names the host, the server's only the role: they are one.
    const client =
      'app-1 | connection to server at "db" (172.18.0.2), port 5432 failed: FATAL:  password authentication failed for user "airflow"';
    const both = await foldText(`${kept}\n${refused}\n${client}`);
    expect(both.causes.map(({ services, count }) => [services, count])).toEqual([[["app", "postgres"], 2]]);
    expect(both.causes[0]?.cure[0]?.run).toMatch(/^bulkhead exec db psql /);
  });

  it("hears from the server's log why a password was refused", async () => {
    const refused =
      'app-1 | connection to server at "db" (172.18.0.2), port 5432 failed: FATAL:  password authentication failed for user "mlflow"';
    const detail = 'db-1 | 2026-11-23 13:16:12.439 UTC [5345] DETAIL:  Role "mlflow" does not exist.';
    expect(causes(await foldText(`${refused}\n${detail}`))).toEqual(["role-missing"]);
  });

  it("puts the earliest root first, and what came of it below it", async () => {
    const folded = await foldText(
      [
        "airflow-scheduler-1 | 2026-11-23T06:40:00Z TimeoutError: There are still unapplied migrations after 60 seconds.",
        'airflow-init-1 | 2026-11-23T06:38:00Z psycopg2.OperationalError: connection to server at "postgres" (172.18.0.2), port 5432 failed: Connection refused',
        "postgres-1 | 2026-11-23 06:37:58.902 UTC [1] FATAL:  database files are incompatible with server",
        "postgres-1 | 2026-11-23 06:37:58.902 UTC [1] DETAIL:  The data directory was initialized by PostgreSQL version 13, which is not compatible with this version 17.2.",
        "dependency failed to start: container x-postgres-1 is unhealthy",
      ].join("\n"),
    );
    expect(causes(folded)).toEqual(["other-major-data"]);
    expect(folded.causes[0]?.what).toContain("PostgreSQL 13");
    expect(folded.causes[0]?.consequences.map(({ signature }) => signature).toSorted()).toEqual([
      "connection-refused",
      "dependency-failed",
      "unapplied-migrations",
    ]);
  });

  it("follows the project's graph: what a service does not need did not cause its failure", async () => {
    const text = [
      "db-a-1 | FATAL:  database files are incompatible with server",
      'app-1 | connection to server at "db-b" (172.18.0.3), port 5432 failed: Connection refused',
    ].join("\n");
    const facts = { hasProject: true, serviceOf: (_: string, host: string) => host };
    const needs = (target: string) => ({ ...facts, dependenciesOf: () => new Set([target]) });
    expect(causes(await foldText(text, needs("db-a")))).toEqual(["other-major-data"]);
    expect(causes(await foldText(text, needs("db-b")))).toEqual(["other-major-data", "connection-refused"]);
  });

  it("calls over what ended before its service went to work", async () => {
    const refused = 'mlflow-1 | connection to server at "postgres" (172.18.0.2), port 5432 failed: Connection refused';
    const serving = "mlflow-1 | INFO:     Uvicorn running on http://0.0.0.0:5000 (Press CTRL+C to quit)";
    const folded = await foldText(`${refused}\n${serving}`);
    expect(causes(folded)).toEqual([]);
    expect(folded.over.map(({ signature }) => signature)).toEqual(["connection-refused"]);
    expect(causes(await foldText(`${serving}\n${refused}`))).toEqual(["connection-refused"]);
    const collided = "mlflow-1 | alembic.util.exc.CommandError: Can't locate revision identified by '405de8318b3a'";
    expect(causes(await foldText(`${collided}\n${serving}`))).toEqual([]);
    expect(causes(await foldText(`${collided}\n${serving.replace("mlflow", "other")}`))).toEqual(["foreign-revision"]);
  });

  it("knows noise as noise, with a cause beside it and without", async () => {
    const lines = [
      'postgres-1 | FATAL:  role "root" does not exist',
      'postgres-1 | ERROR:  relation "log" does not exist at character 13',
      "WARN[0000] /x/compose.yaml: the attribute `version` is obsolete, it will be ignored",
    ].join("\n");
    const alone = await foldText(lines);
    expect(causes(alone)).toEqual([]);
    expect(noise(alone).toSorted()).toEqual([
      "first-migration-queries",
      "healthcheck-without-user",
      "obsolete-version",
    ]);
    expect(causes(await foldText(`${lines}\n${article}`))).toEqual(["foreign-revision", "host-is-not-a-database"]);
  });

  it("tells a consequence without its cause as one", async () => {
    const folded = await foldText("dependency failed to start: container x-postgres-1 is unhealthy");
    expect(causes(folded)).toEqual([]);
    expect(folded.unexplained.map(({ signature }) => signature)).toEqual(["dependency-failed"]);
  });

  it("takes a refused request for a task's log for that, not for a refused token of Airflow 3", async () => {
    const refused = "airflow-scheduler-1 | jwt.exceptions.InvalidSignatureError: Signature verification failed";
    const asked =
      "airflow-1 | httpx.HTTPStatusError: Client error '403 FORBIDDEN' for url 'http://d7c904f7112d:8793/log/dag_id=x/attempt=1.log'";
    expect(causes(await foldText(refused))).toEqual(["token-signature"]);
    expect(causes(await foldText(`${refused}\n${asked}`))).toEqual(["task-log-forbidden"]);
  });

  it("puts nothing into a command that a shell would read", async () => {
    const folded = await foldText('postgres-1 | FATAL:  database "x; rm -rf $HOME" does not exist');
    const runs = folded.causes.flatMap(({ cure }) => cure.map(({ run }) => run ?? ""));
    expect(runs.join("\n")).not.toContain("rm -rf");
    expect(runs[0]).toContain("CREATE DATABASE DATABASE");
  });

  it("shows the first error of each service where it knows nothing, its traceback as one", async () => {
    const { sightings, unknownErrors } = await collectText(
      [
        "app-1 | Traceback (most recent call last):",
        "other-1 | ERROR: first",
        '  app-1 |   File "/app/main.py", line 1, in <module>'.trimStart(),
        "app-1 |     boom()",
        "app-1 | mylib.BoomError: it went boom",
        "app-1 | mylib.BoomError: again",
        "other-1 | ERROR: second",
      ].join("\n"),
    );
    expect(sightings).toEqual([]);
    expect(unknownErrors.map(({ service, block }) => [service, block.length, block.at(-1)])).toEqual([
      ["other", 1, "ERROR: first"],
      ["app", 4, "mylib.BoomError: it went boom"],
    ]);
  });

  it("leaves out lines before a time, and lines without one that stand between such", async () => {
    const line = (time: string) => `postgres-1 | ${time} UTC [63] FATAL:  database "mlflow" does not exist`;
    const text = `${line("2026-11-23 06:00:00.000")}\npostgres-1 | DETAIL: FATAL:  database "x" does not exist\n${line("2026-11-23 07:00:00.000")}\n`;
    const { sightings } = await collectText(text, Date.parse("2026-11-23T06:30:00Z"));
    expect(sightings.filter(({ signature }) => signature === "database-missing").map(({ count }) => count)).toEqual([
      1,
    ]);
  });

  it("never falls over garbage, and is never certain of it", async () => {
    const random = seededRandom(20261123);
    const words = [
      "ERROR ",
      "FATAL:",
      "| ",
      "mlflow-1 ",
      "{",
      '"',
      "\u001B[3",
      "\\n",
      "\u0000",
      "데",
      "does not",
      " exist",
      "Error: ",
      "2026-",
      "[pod/",
      "\t",
      "\r",
    ];
    for (let round = 0; round < 60; round += 1) {
      const text = Array.from({ length: 400 }, () =>
        random.below(4) === 0
          ? "\n"
          : random.below(2) === 0
            ? random.pick(words)
            : String.fromCharCode(random.below(256)),
      ).join("");
      const folded = await foldText(text);
      expect(folded.causes.filter(({ confidence }) => confidence === "certain")).toEqual([]);
    }
  });
});
