import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createNodePorts } from "../../src/node/node-ports.ts";
import { isSqlFailure } from "../../src/ports/sql.ts";
import { settledSchema } from "../../src/topology/settled-schema.ts";
import { createProject } from "../helpers/fault-project.ts";
import { createStackHome } from "../helpers/stack-home.ts";
import { topologyOf } from "../helpers/topology-of.ts";

const compose = `services:
  db:
    image: postgres:17
    environment: { POSTGRES_PASSWORD: harbour }
    volumes: [./init:/docker-entrypoint-initdb.d:ro]
`;
const roles = ["plain", "own", "set", "listed", "reset", "late", "quoted"];
const databases = ["one", "two"];
const script = [
  ...databases.map((name) => `CREATE DATABASE ${name};`),
  ...roles.map((name) => `CREATE USER ${name} PASSWORD 'harbour';`),
  ...databases.map(
    (name) =>
      `\\c ${name}\nCREATE SCHEMA own; CREATE SCHEMA apart; CREATE SCHEMA "Quoted"; GRANT ALL ON SCHEMA own, apart, "Quoted" TO PUBLIC;`,
  ),
  "ALTER ROLE set SET search_path = apart;".replace("ROLE set", 'ROLE "set"'),
  "ALTER USER listed SET search_path TO nowhere, apart, public;",
  "ALTER ROLE reset SET search_path = apart; ALTER ROLE reset RESET search_path;",
  "ALTER ROLE late IN DATABASE two SET search_path = own; ALTER ROLE late SET search_path = public; ALTER ROLE late SET search_path = apart;",
  `ALTER ROLE quoted SET search_path = "Quoted", '$user';`,
  'ALTER DATABASE two SET search_path TO "$user", apart, public;',
].join("\n");

it("tables go where a real server says they go", async () => {
  const files = { "compose.yaml": compose, "init/paths.sql": script };
  const [server] = topologyOf(compose, { "/p/init/paths.sql": script }).servers;
  expect(server?.gaps).toEqual([]);
  const places = databases.flatMap((database) => roles.map((user) => ({ database, user })));
  const read = places.map(({ database, user }) => `${user}@${database}: ${settledSchema(server, database, user)}`);

  await using home = await createStackHome();
  const project = await createProject(home, "paths", files);
  const up = await project.run("up", "--auto-ports");
  expect(up.exitCode === 0 ? "" : up.stderr).toBe("");
  const record = await readFile(join(project.state, "project.json"), "utf8");
  const port = (JSON.parse(record) as { ports: { db: { 5432: number } } }).ports.db[5432];
  const { sql } = createNodePorts();
  const real: string[] = [];
  for (const { database, user } of places) {
    const session = await sql.connect({ host: "127.0.0.1", port, user, password: "harbour", database });
    if (isSqlFailure(session)) throw new Error(session.reason);
    const [row] = await session.query("SELECT current_schema() AS schema");
    real.push(`${user}@${database}: ${String(row?.["schema"])}`);
    await session.close();
  }
  expect(read).toEqual(real);
  expect(new Set(real.map((line) => line.split(": ")[1]))).toEqual(new Set(["public", "own", "apart", "Quoted"]));
});
