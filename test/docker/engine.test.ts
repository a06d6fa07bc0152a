import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createBulkheadProject } from "./helpers/bulkhead-project.ts";
import { docker, dockerOutput, uniqueName } from "./helpers/docker.ts";
import { server } from "./helpers/small-database.ts";
import { containersOf, startedAt } from "./helpers/stories.ts";

const withVolume = {
  services: { db: { ...server, volumes: ["data:/var/lib/postgresql/data"] } },
  volumes: { data: {} },
};
/** Where the image declares a volume: Compose leaves one without a name behind when it removes or replaces a container. */
const tmpfs = ["/var/lib/postgresql/data"];
/** Runs until it is ended, at once. */
const idle = ["sh", "-c", "trap 'exit 0' TERM; while :; do sleep 0.1; done"];

/** An image under a name that the catalog does not know. */
async function tagPlainImage(): Promise<{ readonly image: string } & AsyncDisposable> {
  const image = `${uniqueName("plain")}:1`;
  await dockerOutput(["tag", "postgres:17", image]);
  return { image, [Symbol.asyncDispose]: async () => void (await dockerOutput(["rmi", image])) };
}

describe("containers under Bulkhead", () => {
  it.concurrent("a secret from the environment and a post_start hook work, and a second up starts nothing", async () => {
    await using project = await createBulkheadProject({
      services: {
        db: {
          ...server,
          secrets: ["word"],
          post_start: [{ command: ["sh", "-c", "cat /run/secrets/word > /tmp/told"], user: "root" }],
        },
      },
      secrets: { word: { environment: "THE_WORD" } },
    });
    const env = { THE_WORD: "starboard-51" };
    const first = await project.bulkheadWith(env, "up", "--no-check");
    expect(first.exitCode, first.stderr).toBe(0);
    expect((await project.bulkhead("exec", "-T", "db", "cat", "/tmp/told")).stdout).toBe("starboard-51");
    const { db } = await containersOf(project);
    expect(db).toBeDefined();
    const started = await startedAt([db ?? ""]);
    expect(await project.bulkheadWith(env, "up", "--no-check")).toMatchObject({ exitCode: 0 });
    expect(await containersOf(project)).toEqual({ db });
    expect(await startedAt([db ?? ""])).toEqual(started);
    // Stopped and started again it has both again.
    expect(await project.bulkheadWith(env, "stop")).toMatchObject({ exitCode: 0 });
    expect(await project.bulkheadWith(env, "up", "--no-check")).toMatchObject({ exitCode: 0 });
    expect((await project.bulkhead("exec", "-T", "db", "cat", "/run/secrets/word")).stdout).toBe("starboard-51");
    expect(first.stdout + first.stderr).not.toContain("starboard");
  });

  it.concurrent("a second up makes anew only what changed, starts anew what asks for it, and runs jobs once", async () => {
    await using plain = await tagPlainImage();
    const service = (more: object): object => ({ image: plain.image, entrypoint: [], command: idle, tmpfs, ...more });
    await using project = await createBulkheadProject({
      services: {
        base: service({ environment: { LEVEL: "level-1" } }),
        job: service({
          image: "postgres:17",
          command: ["sh", "-c", "echo ran"],
          depends_on: { base: { condition: "service_started" } },
        }),
        follower: service({ depends_on: { base: { condition: "service_started", restart: true } } }),
        other: service({ depends_on: { base: { condition: "service_started" } } }),
      },
    });
    await project.succeed("up", "--no-check");
    const before = await containersOf(project);
    const times = async () => {
      const [follower, other, job] = await startedAt(["follower", "other", "job"].map((name) => before[name] ?? ""));
      return { follower, other, job };
    };
    const first = await times();
    await writeFile(join(project.directory, "compose.yaml"), project.file.replace("level-1", "level-2"));
    await project.succeed("up", "--no-check");
    const after = await containersOf(project);
    expect(after["base"]).not.toBe(before["base"]);
    expect({ ...after, base: "" }).toEqual({ ...before, base: "" });
    const second = await times();
    expect(second.follower).not.toBe(first.follower);
    expect(second).toEqual({ ...first, follower: second.follower });
  });

  // Before 2.29 Compose makes anew whatever depends on what it makes anew.
  it.concurrent("the oldest Compose too starts nothing twice, and takes over an edit", async () => {
    await using project = await createBulkheadProject({ services: { db: { ...server, tmpfs } } }, "oldest");
    await project.succeed("up", "--no-check");
    const before = await containersOf(project);
    const started = await startedAt(Object.values(before));
    await project.succeed("up", "--no-check");
    expect(await startedAt(Object.values(before))).toEqual(started);
    const file = JSON.stringify({ services: { db: { ...server, tmpfs, stop_grace_period: "3s" } } });
    await writeFile(join(project.directory, "compose.yaml"), file);
    await project.succeed("up", "--no-check");
    expect(await containersOf(project)).not.toEqual(before);
    await project.succeed("down");
    expect(await containersOf(project)).toEqual({});
  });

  it.concurrent("an image that the catalog does not know is ready when its own check says so", async () => {
    await using plain = await tagPlainImage();
    await using project = await createBulkheadProject({
      services: {
        checked: {
          image: plain.image,
          entrypoint: [],
          command: ["sh", "-c", "sleep 3; touch /tmp/well; exec sleep 600"],
          healthcheck: { test: ["CMD", "test", "-e", "/tmp/well"], interval: "1s", retries: 30 },
          init: true,
        },
        after: {
          image: plain.image,
          entrypoint: [],
          command: idle,
          depends_on: { checked: { condition: "service_healthy" } },
        },
      },
    });
    await project.succeed("up", "--no-check");
    const well = await project.succeed("exec", "-T", "checked", "stat", "--format", "%.3Y", "/tmp/well");
    const { after } = await containersOf(project);
    const [started = ""] = await startedAt([after ?? ""]);
    expect(Date.parse(started) / 1000).toBeGreaterThan(Number(well.stdout));
  });

  it.concurrent("leaves services out, and removes those that are no longer in the file when asked", async () => {
    await using plain = await tagPlainImage();
    const service = { image: plain.image, entrypoint: [], command: idle, tmpfs };
    await using project = await createBulkheadProject({
      services: { a: service, b: service },
    });
    await project.succeed("up", "--no-check", "--without", "b");
    expect(Object.keys(await containersOf(project))).toEqual(["a"]);
    await project.succeed("up", "--no-check");
    await writeFile(join(project.directory, "compose.yaml"), JSON.stringify({ services: { a: service } }));
    const told = await project.succeed("up", "--no-check");
    expect(told.stderr).toContain("b still runs");
    expect(Object.keys(await containersOf(project)).toSorted()).toEqual(["a", "b"]);
    await project.succeed("up", "--no-check", "--remove-orphans");
    expect(Object.keys(await containersOf(project))).toEqual(["a"]);
  });
});

describe("the choice of an engine", () => {
  it.concurrent("Docker when it has the image, and it stays; two copies are refused", async () => {
    await using project = await createBulkheadProject(withVolume);
    const first = await project.bulkheadWith({ BULKHEAD_ENGINE: "" }, "up");
    expect(first.exitCode, first.stderr).toBe(0);
    expect(first.stderr).toContain(`${project.name} runs under Docker: it answers and has every image`);
    const second = await project.bulkheadWith({ BULKHEAD_ENGINE: "" }, "up");
    expect(second.stderr).toContain(`${project.name} runs under Docker, as before.`);
    const other = await project.bulkhead("--engine", "native", "up");
    expect(other.exitCode).toBe(2);
    expect(other.stderr).toContain("bulkhead --engine docker down");
    // Stopped there, it may start here; where its data stays is said.
    await project.succeed("--engine", "docker", "stop");
    const { stderr } = await project.succeed("--engine", "native", "up");
    expect(stderr).toContain(`ran under Docker before; its data stays there (${project.name}_data)`);
    expect(stderr).toContain("bulkhead --engine docker db backup");
  });

  it.concurrent("the native engine when no Docker Engine answers", async () => {
    await using project = await createBulkheadProject({ services: { db: server } });
    const env = { BULKHEAD_ENGINE: "", DOCKER_HOST: `unix://${project.directory}/none.sock` };
    const started = await project.bulkheadWith(env, "up");
    expect(started.exitCode, started.stderr).toBe(0);
    expect(started.stderr).toMatch(/runs under the native engine: .*no Docker Engine answers there/);
    expect(await containersOf(project)).toEqual({});
  });
});

it.concurrent("databases move from one engine to the other, and down -v keeps a copy", async () => {
  await using project = await createBulkheadProject(withVolume);
  const count = ["exec", "-T", "db", "psql", "-U", "app", "-Atc", "select count(*) from kept"];
  await project.succeed("up");
  await project.succeed(
    "exec",
    "-T",
    "db",
    "psql",
    "-U",
    "app",
    "-c",
    "create table kept as select generate_series(1, 1000)",
  );
  expect((await project.succeed("db", "status")).stdout).toContain("1,000");
  const down = await project.succeed("--json", "down", "-v");
  const { backup } = JSON.parse(down.stdout) as { backup: string };
  expect((await readFile(backup)).length).toBeGreaterThan(1000);
  expect((await docker(["volume", "inspect", `${project.name}_data`])).exitCode).toBe(1);
  await project.succeed("--engine", "native", "db", "restore", backup);
  await project.succeed("--engine", "native", "up");
  expect((await project.succeed("--engine", "native", ...count)).stdout).toBe("1000\n");
  const second = await project.bulkhead("--engine", "docker", "up");
  expect(second.exitCode).toBe(2);
  expect(second.stderr).toContain("runs under the native engine (db): two copies of it would each have their own data");
  await project.succeed("--engine", "native", "stop");
  const back = await project.succeed("--engine", "docker", "db", "restore", backup);
  expect(back.stdout).toContain("1,000 rows");
  expect((await project.succeed("--engine", "docker", "up")).stderr).toContain("ran under the native engine before");
  expect((await project.succeed(...count)).stdout).toBe("1000\n");
});
