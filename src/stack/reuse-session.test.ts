import { describe, expect, it } from "vitest";
import { isSqlFailure, type Sql, type SqlSession, type SqlTarget } from "../ports/sql.ts";
import { reuseSession } from "./reuse-session.ts";

const target: SqlTarget = { host: "127.0.0.1", port: 5432, user: "airflow", password: "secret", database: "airflow" };

/** A server that counts logins and open sessions; the query `fail` is refused. */
function createServer(): { sql: Sql; logins: () => number; open: () => number } {
  let logins = 0;
  let open = 0;
  const sql: Sql = {
    async connect({ database }) {
      logins += 1;
      if (database === "missing") return { failure: "database", sqlState: "3D000", reason: "no such database" };
      open += 1;
      return {
        async query(text) {
          if (text === "fail") throw new Error("terminated");
          return [{ login: logins }];
        },
        async close() {
          open -= 1;
        },
      };
    },
  };
  return { sql, logins: () => logins, open: () => open };
}

async function login(sql: Sql, place: SqlTarget = target): Promise<SqlSession> {
  const session = await sql.connect(place);
  if (isSqlFailure(session)) throw new Error(session.reason);
  return session;
}

describe("reuseSession", () => {
  it("logs in once for questions one after the other, and closes in the end", async () => {
    const server = createServer();
    const sql = reuseSession(server.sql);
    for (let asked = 0; asked < 3; asked += 1) {
      const session = await login(sql);
      expect(await session.query("select")).toEqual([{ login: 1 }]);
      await session.close();
    }
    expect([server.logins(), server.open()]).toEqual([1, 1]);
    await sql.end();
    expect(server.open()).toBe(0);
  });

  it("logs in anew after a failed query", async () => {
    const server = createServer();
    const sql = reuseSession(server.sql);
    const first = await login(sql);
    await expect(first.query("fail")).rejects.toThrow("terminated");
    await first.close();
    expect(server.open()).toBe(0);
    await (await login(sql)).close();
    expect(server.logins()).toBe(2);
  });

  it("keeps nothing of another place or password, and passes failures on", async () => {
    const server = createServer();
    const sql = reuseSession(server.sql);
    await (await login(sql)).close();
    await (await login(sql, { ...target, password: "changed" })).close();
    expect([server.logins(), server.open()]).toEqual([2, 1]);
    expect(await sql.connect({ ...target, database: "missing" })).toMatchObject({ failure: "database" });
    expect(server.open()).toBe(0);
  });

  it("gives sessions that are open at once logins of their own", async () => {
    const server = createServer();
    const sql = reuseSession(server.sql);
    const [first, second] = [await login(sql), await login(sql)];
    expect(server.logins()).toBe(2);
    await first.close();
    await second.close();
    expect(server.open()).toBe(1);
  });

  it("keeps nothing that is closed after the end", async () => {
    const server = createServer();
    const sql = reuseSession(server.sql);
    const session = await login(sql);
    await sql.end();
    await session.close();
    expect(server.open()).toBe(0);
  });
});
