import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dbStatus, type DbStatusResult } from "../../src/actions/db-status.ts";
import { dbStatusJson } from "../../src/cli/render/db-status-json.ts";
import { lookOf } from "../../src/cli/render/look.ts";
import { renderDbStatus } from "../../src/cli/render/render-db-status.ts";
import { contextByUrl, noProject } from "../helpers/context-by-url.ts";
import { createTemporaryDirectory, type TemporaryDirectory } from "../helpers/temporary-directory.ts";
import { startTestServer, type TestServer } from "../helpers/test-server.ts";

const look = lookOf({ isTerminal: false, columns: 120, env: {}, noColor: true });

let server: TestServer;
let home: TemporaryDirectory;
beforeAll(async () => {
  server = await startTestServer(17);
  home = await createTemporaryDirectory();
  const recorded = await server.recorded("collided-airflow-row-2.7");
  await server.query("postgres", `alter database "${recorded}" rename to shared`);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await home.remove();
});

function status(url: string, wanted: { subject?: string; exact?: boolean } = {}): Promise<DbStatusResult> {
  return dbStatus(contextByUrl(home.path), noProject, { url, subject: wanted.subject, exact: wanted.exact ?? false });
}

const withoutDatabase = (url: string): string => url.replace(/\/postgres$/, "");

describe("db status of a server that is in no project", () => {
  it("tells every database that somebody uses, what the application prints, and what to do", async () => {
    await server.query("shared", "create extension if not exists hstore; create sequence alone");
    const guest = await server.connect("shared");
    const result = await status(withoutDatabase(server.url("postgres")), { exact: true });
    await guest.close();
    expect(result).toMatchObject({ exitCode: 1, failures: [], servers: [{ inRecovery: false, closed: [] }] });
    expect(result.databases.map(({ picture }) => picture.name)).toEqual(["shared"]);
    const text = renderDbStatus(result, look);
    expect(text).toContain("state 5\n");
    expect(text).toMatch(
      /it prints:\n {6}alembic\.util\.exc\.CommandError: Can't locate revision identified by '405de8318b3a'/,
    );
    expect(text).toMatch(/next:\n {6}bulkhead db split --url 'postgresql:\/\/postgres@127\.0\.0\.1:\d+\/shared'/);
    expect(text).toContain("extensions: hstore");
    expect(text).toMatch(/sequences of no column: .*\balone\b/);
    expect(text).toMatch(/sessions: .*postgres.*bulkhead/);
    expect(text).not.toContain(server.target.password);
    const { databases } = dbStatusJson(result) as { databases: readonly Readonly<Record<string, unknown>>[] };
    expect(databases).toMatchObject([
      { name: "shared", state: 5, apps: expect.any(Array), versionRows: expect.any(Array), tables: expect.any(Array) },
    ]);
    const tables = databases[0]?.["tables"] as readonly { readonly name: string; readonly rows: unknown }[];
    expect(tables.find(({ name }) => name === "alembic_version")?.rows).toBe(1);
  });

  it("tells a database that is not there, with those that are", async () => {
    await expect(status(server.url("postgres"), { subject: "nowhere" })).rejects.toMatchObject({
      code: "COMMAND_USAGE",
      hint: expect.stringContaining("shared"),
    });
    expect(await status(server.url("nowhere"))).toMatchObject({
      exitCode: 2,
      failures: [{ code: "POSTGRES_UNREACHABLE", hint: expect.stringContaining("Name a database that exists") }],
    });
  });

  it("tells a wrong password, and that nothing was read", async () => {
    const result = await status(server.url("shared").replace(server.target.password, "wrong"));
    expect(result).toMatchObject({ exitCode: 2, databases: [] });
    expect(result.failures).toMatchObject([
      { code: "POSTGRES_UNREACHABLE", message: expect.stringMatching(/does not let postgres into shared: password/) },
    ]);
  });

  it("tells one database that cannot be entered, and reads the others", async () => {
    await server.createRole("visitor");
    await server.query("postgres", "create database barred");
    await server.query("postgres", "revoke connect on database barred from public");
    const result = await status(withoutDatabase(server.url("postgres", "visitor")));
    expect(result.databases.map(({ picture }) => picture.name)).toEqual(["shared"]);
    expect(result.failures).toMatchObject([
      {
        code: "POSTGRES_UNREACHABLE",
        hint: expect.stringContaining('GRANT CONNECT ON DATABASE "barred" TO "visitor"'),
      },
    ]);
    await server.query("postgres", "drop database barred");
  });
});
