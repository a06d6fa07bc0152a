import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { ServerAccess } from "../../src/ports/server-access.ts";
import { createTemporaryDirectory } from "./temporary-directory.ts";

/** A server that a contract test may make databases on. */
export interface ContractServer {
  readonly access: ServerAccess;
  /** A second way to a server (the same or another one), for what passes between two. */
  readonly other: ServerAccess;
}

const signal = new AbortController().signal;

/** What every `ServerAccess` does alike. `open` gives the server, started in `beforeAll`. */
export function describeServerAccess(open: () => ContractServer): void {
  const query = async (access: ServerAccess, text: string, values?: readonly unknown[], database = "postgres") => {
    const session = await access.connect(database, signal);
    try {
      return await session.query(text, values);
    } finally {
      await session.close();
    }
  };
  const makeDatabase = async (access: ServerAccess, name: string): Promise<void> => {
    await query(access, `drop database if exists "${name}"`);
    await query(access, `create database "${name}"`);
  };

  it("takes parameters and gives typed values", async () => {
    const { access } = open();
    const text = `it's "quoted" \\ 'é' \u{1F30A}\n`;
    const bytes = Uint8Array.of(0, 1, 39, 92, 255);
    const rows = await query(
      access,
      `select $1::text as text, $2::int as number, $3::bool as yes, $4::text as nothing, $5::text[] as list,
        $6::bytea as bytes, 'NULL' as word, '{}'::int[] as empty, '{"a": [1, null]}'::json as json, null::int[] as no_list`,
      [text, 42, true, null, ["a", "b,c", 'd"e', null, ""], Buffer.from(bytes)],
    );
    const [row] = rows;
    expect({ ...row, bytes: undefined }).toEqual({
      text,
      number: 42,
      yes: true,
      nothing: null,
      list: ["a", "b,c", 'd"e', null, ""],
      bytes: undefined,
      word: "NULL",
      empty: [],
      json: { a: [1, null] },
      no_list: null,
    });
    expect(new Uint8Array(row?.["bytes"] as Uint8Array)).toEqual(bytes);
  });

  it("keeps what a session holds, and lets it go when the session closes", async () => {
    const { access } = open();
    const first = await access.connect("postgres", signal);
    const second = await access.connect("postgres", signal);
    try {
      expect(await first.query("select pg_try_advisory_lock(815) as got")).toEqual([{ got: true }]);
      await first.query("set statement_timeout = '11s'");
      expect(await first.query("show statement_timeout")).toEqual([{ statement_timeout: "11s" }]);
      expect(await second.query("select pg_try_advisory_lock(815) as got")).toEqual([{ got: false }]);
      await first.close();
      // The server ends a session a moment after its line is closed.
      expect(await second.query("select pg_advisory_lock(815)")).toHaveLength(1);
    } finally {
      await Promise.all([first.close(), second.close()]);
    }
  });

  it("throws what the server says with its SQLSTATE, and the session goes on", async () => {
    const session = await open().access.connect("postgres", signal);
    try {
      await expect(session.query("select 1 / 0")).rejects.toMatchObject({ code: "22012" });
      await expect(session.query("select * from missing_table")).rejects.toMatchObject({
        code: "42P01",
        message: expect.stringContaining("missing_table"),
      });
      expect(await session.query("select 1 as one")).toEqual([{ one: 1 }]);
    } finally {
      await session.close();
    }
  });

  it("cancels what runs when it is aborted", async () => {
    const { access } = open();
    const controller = new AbortController();
    const session = await access.connect("postgres", controller.signal);
    const marked = "select pg_sleep(60) as slept_for_this_test";
    const running = session.query(marked);
    const outcome = running.then(
      () => undefined,
      (error: unknown) => error,
    );
    const others = `select count(*)::int as n from pg_stat_activity where query = '${marked}' and state = 'active'`;
    await expect.poll(async () => (await query(access, others))[0]?.["n"]).toBe(1);
    controller.abort(new Error("enough"));
    expect(await outcome).toMatchObject({ message: "enough" });
    await expect.poll(async () => (await query(access, others))[0]?.["n"]).toBe(0);
    await expect(session.query("select 1")).rejects.toThrow("enough");
    await session.close();
  });

  it("says which database is missing", async () => {
    await expect(open().access.connect("no such database", signal)).rejects.toMatchObject({
      name: "ToolError",
      code: "POSTGRES_UNREACHABLE",
      message: expect.stringContaining("no such database"),
    });
  });

  it("runs a client program, and tells why one failed", async () => {
    const { access } = open();
    const psql = ["--no-psqlrc", "--tuples-only", "--no-align", "--dbname", "postgres"];
    const out = await access.run({ program: "psql", args: [...psql, "-c", "select 'é' || current_user"], signal });
    expect(out).toBe(`é${access.role}\n`);
    const lines: string[] = [];
    const failing = access.run({
      program: "psql",
      args: [...psql, "-c", "select * from missing_table"],
      signal,
      onLine: (line) => lines.push(line),
    });
    await expect(failing).rejects.toMatchObject({
      name: "ToolError",
      code: "POSTGRES_FAILED",
      message: expect.stringContaining('relation "missing_table" does not exist'),
    });
    expect(lines[0]).toContain("missing_table");
    for (const program of ["pg_dump", "pg_dumpall", "pg_restore"] as const) {
      expect(await access.run({ program, args: ["--version"], signal })).toContain(program);
    }
  });

  it("saves a dump to a file and feeds it to another database", async () => {
    const { access } = open();
    await using directory = await createTemporaryDirectory();
    const file = join(directory.path, "dump");
    await makeDatabase(access, "contract a");
    await makeDatabase(access, "contract b");
    await query(access, "create table kept as select generate_series(1, 1000) as id", [], "contract a");
    await access.save({ program: "pg_dump", args: ["--format=custom", "--dbname", "contract a"], signal }, file);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await readFile(file)).subarray(0, 5).toString()).toBe("PGDMP");
    await access.feed({ program: "pg_restore", args: ["--exit-on-error", "--dbname", "contract b"], signal }, file);
    expect(await query(access, "select count(*)::int as n from kept", [], "contract b")).toEqual([{ n: 1000 }]);
  });

  it("pipes one server's dump into another without a file", async () => {
    const { access, other } = open();
    await makeDatabase(access, "contract from");
    await makeDatabase(other, "contract into");
    await query(access, "create table kept as select generate_series(1, 100000) as id", [], "contract from");
    await access.pipe({ program: "pg_dump", args: ["--format=custom", "--dbname", "contract from"], signal }, other, {
      program: "pg_restore",
      args: ["--exit-on-error", "--single-transaction", "--dbname", "contract into"],
      signal,
    });
    expect(await query(other, "select count(*)::int as n from kept", [], "contract into")).toEqual([{ n: 100_000 }]);
  });

  it("tells which side of a pipe failed, and leaves no half on the other", async () => {
    const { access, other } = open();
    await makeDatabase(access, "contract from");
    await makeDatabase(other, "contract into");
    const from = { program: "pg_dump", args: ["--format=custom", "--dbname", "no such source"], signal } as const;
    const restore = ["--exit-on-error", "--single-transaction", "--dbname"];
    const into = { program: "pg_restore", args: [...restore, "contract into"], signal } as const;
    await expect(access.pipe(from, other, into)).rejects.toThrow(/no such source/);
    const real = { ...from, args: ["--format=custom", "--dbname", "contract from"] };
    const nowhere = { ...into, args: [...restore, "no such target"] };
    await expect(access.pipe(real, other, nowhere)).rejects.toThrow(/no such target/);
    expect(await query(other, "select relname from pg_class where relname = 'kept'", [], "contract into")).toEqual([]);
  });

  it("ends a program when it is aborted", async () => {
    const { access } = open();
    const controller = new AbortController();
    const sleeping = "select pg_sleep(60) as slept_in_a_program";
    const running = access.run({
      program: "psql",
      args: ["--no-psqlrc", "--dbname", "postgres", "-c", sleeping],
      signal: controller.signal,
    });
    const outcome = running.then(
      () => undefined,
      (error: unknown) => error,
    );
    const others = `select count(*)::int as n from pg_stat_activity where query = '${sleeping}' and state = 'active'`;
    await expect.poll(async () => (await query(access, others))[0]?.["n"]).toBe(1);
    controller.abort(new Error("enough"));
    expect(await outcome).toMatchObject({ message: "enough" });
  });
}
