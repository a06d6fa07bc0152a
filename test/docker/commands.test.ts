import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { repositoryPath } from "../helpers/source-files.ts";
import { createBulkheadProject, type BulkheadProject } from "./helpers/bulkhead-project.ts";
import { database } from "./helpers/small-database.ts";
import { containersOf, payloadOf, startedAt, type UpPayload } from "./helpers/stories.ts";

describe("commands on containers", () => {
  it.concurrent("exec passes on variables, directory, account and exit code; restart starts anew what runs", async () => {
    await using project = await createBulkheadProject(database());
    await project.succeed("up");
    const script = 'echo "$WORD $OTHER $(pwd) $(id -un)"; exit 9';
    const flags = ["-T", "--env", "WORD=starboard", "--env", "OTHER", "--workdir", "/tmp", "--user", "postgres"];
    const exec = await project.bulkheadWith({ OTHER: "port" }, "exec", ...flags, "db", "sh", "-c", script);
    expect(exec).toMatchObject({ exitCode: 9, stdout: "starboard port /tmp postgres\n" });

    const { db = "" } = await containersOf(project);
    const [before] = await startedAt([db]);
    await project.succeed("restart", "db");
    expect(await containersOf(project)).toEqual({ db });
    expect((await startedAt([db]))[0]).not.toBe(before);
    const ps = payloadOf<UpPayload>("ps", await project.succeed("--json", "ps"));
    expect(ps.services).toMatchObject([{ name: "db", state: "ready" }]);
  });

  it.concurrent("logs -f goes on with every new line until Ctrl-C", async () => {
    await using project = await createBulkheadProject(database());
    await project.succeed("up");
    const follow = followLogs(project);
    await follow.until("ready to accept connections");
    await project.bulkhead("exec", "-T", "db", "psql", "-U", "app", "-c", "select * from no_such_table");
    await follow.until('relation "no_such_table" does not exist');
    expect(await follow.interrupt()).toBe(130);
  });

  it.concurrent("a user interface that is not published is asked from inside its container", async () => {
    await using project = await createBulkheadProject({
      services: {
        mlflow: {
          image: "ghcr.io/mlflow/mlflow:v2.7.1",
          command: "mlflow server --backend-store-uri sqlite:////tmp/mlflow.db --host 0.0.0.0",
        },
      },
    });
    const up = payloadOf<UpPayload>("up", await project.succeed("--json", "up", "--no-check"));
    expect(up.services).toMatchObject([{ name: "mlflow", state: "ready" }]);
    // Nothing was published for it.
    expect((await project.compose("ps", "--format", "{{.Ports}}")).stdout).not.toContain("->");
  });

  it.concurrent("doctor tells what keeps Docker from being used, with the cure of up, and the rest all the same", async () => {
    await using project = await createBulkheadProject(database());
    const DOCKER_HOST = `unix://${project.directory}/none.sock`;
    const { stdout, exitCode } = await project.bulkheadWith({ DOCKER_HOST }, "--json", "doctor");
    expect(exitCode).toBe(1);
    const { checks } = JSON.parse(stdout) as { checks: { id: string; outcome: string; fact: string; cure: string }[] };
    const rowOf = (id: string): object | undefined => checks.find((row) => row.id === id);
    expect(rowOf("engine")).toMatchObject({
      outcome: "fail",
      fact: `DOCKER_HOST is ${DOCKER_HOST}, and no Docker Engine answers there.`,
      cure: expect.stringMatching(/^unset DOCKER_HOST/),
    });
    expect(rowOf("memory")).toMatchObject({ fact: expect.stringContaining("available") });
    expect(rowOf("clock")).toMatchObject({ outcome: "ok" });
  });
});

/** `bulkhead logs -f db`, which runs until it is interrupted. */
function followLogs(project: BulkheadProject): {
  until(text: string): Promise<void>;
  /** Gives the exit code. */
  interrupt(): Promise<number | null>;
} {
  const child = spawn(process.execPath, [repositoryPath("bin/bulkhead.js"), "logs", "-f", "db"], {
    cwd: project.directory,
    env: { ...process.env, ...project.env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "close") as Promise<[number | null]>;
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
  return {
    until: async (text) => {
      while (!said.includes(text)) {
        const isOver = await Promise.race([once(child.stdout, "data").then(() => false), ended.then(() => true)]);
        if (isOver && !said.includes(text)) throw new Error(`logs ended before ${text}:\n${said}`);
      }
    },
    interrupt: async () => {
      child.kill("SIGINT");
      return (await ended)[0];
    },
  };
}
