import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ServerAccess } from "../../src/ports/server-access.ts";
import { openServerAccess } from "../../src/engine/docker/open-server-access.ts";
import { describeServerAccess } from "../helpers/server-access-contract.ts";
import { createBulkheadProject, type BulkheadProject } from "./helpers/bulkhead-project.ts";

describe.each([13, 17])("in a container of PostgreSQL %i that publishes nothing", (major) => {
  let project: BulkheadProject;
  let access: ServerAccess;
  beforeAll(async () => {
    project = await createBulkheadProject({
      services: {
        db: {
          image: `postgres:${major}`,
          environment: { POSTGRES_USER: "boss", POSTGRES_PASSWORD: "first", POSTGRES_DB: "app" },
        },
      },
    });
    await project.succeed("up");
    const session = await project.openSession();
    await session.look();
    access = openServerAccess(session, "db");
  });
  afterAll(() => project[Symbol.asyncDispose]());

  describeServerAccess(() => ({ access, other: access }));

  it("goes on where the file's password is not the server's any more", async () => {
    const file = join(project.directory, "compose.yaml");
    await writeFile(file, project.file.replace("first", "second"));
    const session = await project.openSession();
    await session.look();
    const connection = await openServerAccess(session, "db").connect("app", new AbortController().signal);
    expect(await connection.query("select current_user::text as who")).toEqual([{ who: "boss" }]);
    await connection.close();
    await writeFile(file, project.file);
  });

  it("leaves no program in the container when it is aborted", async () => {
    const controller = new AbortController();
    const args = ["--no-psqlrc", "--dbname", "app", "-c", "select pg_sleep(77)"];
    const running = access.run({ program: "psql", args, signal: controller.signal }).catch((error: unknown) => error);
    const programs = async (): Promise<string> =>
      (await project.compose("exec", "-T", "db", "sh", "-c", "cat /proc/[0-9]*/cmdline | tr '\\0' ' '")).stdout;
    await expect.poll(programs).toContain("pg_sleep(77)");
    controller.abort(new Error("enough"));
    expect(await running).toMatchObject({ message: "enough" });
    await expect.poll(programs).not.toContain("--dbname app");
    // The server has not taken it for a crash of its own.
    const { stdout, stderr } = await project.compose("logs", "db");
    expect(stdout + stderr).not.toMatch(/terminated by signal|crash of another server process/);
  });
});
