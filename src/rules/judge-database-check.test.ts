import { describe, expect, it } from "vitest";
import { topologyOf } from "../../test/helpers/topology-of.ts";
import { judgeDatabaseCheck } from "./judge-database-check.ts";

const topology = topologyOf(`services:
  db:
    image: postgres:16
    environment: { POSTGRES_USER: app, POSTGRES_PASSWORD: x, POSTGRES_DB: data }
  script:
    image: postgres:16
    environment: { POSTGRES_USER: app, POSTGRES_PASSWORD: x }
    volumes: ["./unread.sh:/docker-entrypoint-initdb.d/unread.sh"]
`);
const judge = (command: string, service = "db") => judgeDatabaseCheck(topology, service, command.split(" "));

describe("judgeDatabaseCheck", () => {
  it.each([
    "pg_isready -U app -d data",
    "pg_isready -Uapp --dbname=data",
    "pg_isready --username app -d postgres -h 127.0.0.1 -p 5432 -t 3 -q",
    "psql -U app -d template1 -c select",
    "psql data app",
    "/usr/bin/pg_isready -d postgresql://other:5432/x",
    "curl -U other",
  ])("finds nothing wrong with %s", (command) => expect(judge(command)).toBeUndefined());

  it.each([
    ["pg_isready", 'FATAL:  role "root" does not exist'],
    ["pg_isready -U app", 'FATAL:  database "app" does not exist'],
    ["psql --username=other -d data", 'FATAL:  role "other" does not exist'],
    ["pg_isready -U -d data", 'pg_isready: error: too many command-line arguments (first is "data")'],
  ])("knows what %s leads to", (command, consequence) => expect(judge(command)?.consequence).toBe(consequence));

  it("says of pg_isready that it passes all the same, of psql that it does not", () => {
    expect(judge("pg_isready -U other")?.harmless).toBe(true);
    expect(judge("psql -U other -d data")?.harmless).toBe(false);
  });

  it("judges no word it does not know, and no server that may hold more", () => {
    expect(judgeDatabaseCheck(topology, "db", ["psql", "-U", undefined])).toBeUndefined();
    expect(judge("psql -U other", "script")).toBeUndefined();
  });
});
