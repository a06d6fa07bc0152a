import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTemporaryDirectory } from "../helpers/temporary-directory.ts";
import { airflowBehaviour } from "./bake/behaviour.ts";
import { runContainer, startContainer, type Container, type RunOptions } from "./helpers/container.ts";
import type { ProgramResult } from "../helpers/run-program.ts";
import { docker, dockerOutput, uniqueName } from "./helpers/docker.ts";

const alone = { CONNECTION_CHECK_MAX_COUNT: "0" };
const nowhere = {
  AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: "postgresql+psycopg2://airflow:airflow@127.0.0.1:1/airflow",
};
const network = uniqueName("network");
let server: Container;

beforeAll(async () => {
  await dockerOutput(["network", "create", network]);
  server = await startContainer("postgres:13", {
    env: { POSTGRES_PASSWORD: "secret" },
    options: ["--network", network, "--network-alias", "db"],
  });
  await server.waitForExec("pg_isready", "-h", "127.0.0.1");
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await dockerOutput(["network", "rm", network]);
});

/** Connects the image with an empty database of its own on the shared server. */
async function createDatabase(): Promise<Readonly<Record<string, string>>> {
  const name = uniqueName("database").replaceAll("-", "_");
  const { exitCode, stderr } = await server.exec("createdb", "-U", "postgres", name);
  expect(stderr).toBe("");
  expect(exitCode).toBe(0);
  return { AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: `postgresql+psycopg2://postgres:secret@db:5432/${name}` };
}

/** A shell line behind the entry point, which waits for nothing. */
function shell(image: string, line: string, run: RunOptions = {}): Promise<ProgramResult> {
  return runContainer(image, { ...run, env: { ...alone, ...run.env }, command: ["bash", "-c", line] });
}

/** The user manager that has users; 3.x has to be told. */
function userManager(image: string): Readonly<Record<string, string>> {
  const manager = "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager";
  return image.includes(":3.") ? { AIRFLOW__CORE__AUTH_MANAGER: manager } : {};
}

const expectBehaviour: Readonly<Record<keyof typeof airflowBehaviour, (image: string) => Promise<void>>> = {
  version: async (image) => {
    const { stdout } = await runContainer(image, { env: alone, command: ["version"] });
    expect(stdout.trim().split("\n").at(-1)).toBe(image.replace(/^.*:/, "").replace(/-python.*$/, ""));
  },
  user: async (image) => {
    const { stdout } = await shell(image, "id -u; id -un; id -g; pwd; echo $HOME $AIRFLOW_HOME; touch dags/x logs/x");
    expect(stdout.trim().split("\n")).toEqual(["50000", "airflow", "0", "/opt/airflow", "/home/airflow /opt/airflow"]);
  },
  anyUser: async (image) => {
    const line = "id -un; echo $HOME; touch dags/x logs/x && airflow version";
    const { exitCode, stdout } = await shell(image, line, { options: ["--user", "1234:0"] });
    expect(stdout.split("\n").slice(0, 2)).toEqual(["default", "/home/airflow"]);
    expect(exitCode).toBe(0);
  },
  otherGroup: async (image) => {
    const { exitCode, stderr } = await shell(image, "true", { options: ["--user", "1234:1234"] });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("ERROR! You should run the image with GID=0");
  },
  umask: async (image) => {
    const { stdout } = await shell(image, "umask; mkdir logs/made; stat -c %A logs/made");
    expect(stdout.trim().split("\n")).toEqual(["0002", "drwxrwxr-x"]);
  },
  bash: async (image) => {
    expect((await shell(image, "echo in bash")).stdout.trim()).toBe("in bash");
    const python = await runContainer(image, { env: alone, command: ["python", "-c", "print('in python')"] });
    expect(python.stdout.trim()).toBe("in python");
  },
  airflow: async (image) => {
    for (const command of [
      ["airflow", "info", "--help"],
      ["info", "--help"],
    ]) {
      expect((await runContainer(image, { env: alone, command })).stdout).toContain("airflow info");
    }
    const foreign = await runContainer(image, { env: alone, command: ["sh", "-c", "true"] });
    expect(foreign.exitCode).toBe(2);
    expect(foreign.stderr).toContain("invalid choice: 'sh'");
  },
  awaitsDatabase: async (image) => {
    const { exitCode, stdout } = await runContainer(image, {
      env: { ...nowhere, CONNECTION_CHECK_MAX_COUNT: "2", CONNECTION_CHECK_SLEEP_TIME: "1" },
      command: ["bash", "-c", "echo never"],
    });
    expect(exitCode).toBe(1);
    expect(stdout).toContain("..\nERROR! Maximum number of retries (2) reached.");
    expect(stdout).toContain("$ airflow db check");
    expect(stdout).toMatch(/connection to server at "127.0.0.1", port 1 failed: Connection refused/);
    expect(stdout).not.toContain("never");
  },
  asksNoDatabase: async (image) => {
    const { stdout } = await shell(image, "echo at once", { env: nowhere });
    expect(stdout.trim()).toBe("at once");
  },
  migrates: async (image) => {
    const { exitCode, stdout } = await runContainer(image, {
      env: { ...(await createDatabase()), _AIRFLOW_DB_MIGRATE: "false" },
      options: ["--network", network],
      command: ["db", "check-migrations", "--migration-wait-timeout", "0"],
    });
    expect(stdout).toMatch(/Database migrating done|migration done/i);
    expect(exitCode).toBe(0);
  },
  createsUser: async (image) => {
    const { stdout } = await runContainer(image, {
      env: {
        ...(await createDatabase()),
        ...userManager(image),
        _AIRFLOW_DB_MIGRATE: "true",
        _AIRFLOW_WWW_USER_CREATE: "true",
        _AIRFLOW_WWW_USER_USERNAME: "ada",
        _AIRFLOW_WWW_USER_PASSWORD: "secret",
      },
      options: ["--network", network],
      command: ["bash", "-c", "airflow users list --output plain; env | grep -c _PASSWORD="],
    });
    const [user, secrets] = stdout.trim().split("\n").slice(-2);
    expect(user).toMatch(/^ *\d+ +ada +airflowadmin@example\.com +Airflow +Admin +\['Admin'\]/);
    expect(secrets).toBe("0");
  },
  userWithoutPassword: async (image) => {
    const { exitCode, stdout } = await shell(image, "true", { env: { _AIRFLOW_WWW_USER_CREATE: "true" } });
    expect(exitCode).toBe(1);
    expect(stdout).toContain("ERROR! Airflow Admin password not set");
  },
  requirements: async (image) => {
    const line = "python -c 'import plumbum; print(plumbum.__version__)'";
    const { stdout } = await shell(image, line, { env: { _PIP_ADDITIONAL_REQUIREMENTS: "plumbum==1.8.2" } });
    expect(stdout.trim().split("\n").at(-1)).toBe("1.8.2");
  },
  extends: async (image) => {
    await using directory = await createTemporaryDirectory();
    const text = `FROM ${image}\nRUN pip install --no-cache-dir plumbum==1.8.2\n`;
    await writeFile(join(directory.path, "Dockerfile"), text);
    const tag = uniqueName("image");
    try {
      await dockerOutput(["build", "--quiet", "--tag", tag, directory.path]);
      expect((await shell(tag, "pip show plumbum; id -u")).stdout).toMatch(/Version: 1\.8\.2\n[^]*\n50000\n$/);
    } finally {
      await docker(["rmi", "--force", tag]);
    }
  },
  signals: async (image) => {
    expect((await shell(image, "tr '\\0' ' ' < /proc/1/cmdline")).stdout).toMatch(
      /^\/usr\/bin\/dumb-init -- \/entrypoint/,
    );
  },
  curl: async (image) => {
    expect((await shell(image, "curl --version")).stdout).toMatch(/^curl \d/);
  },
};

const behaviours = Object.entries(airflowBehaviour).map(([id, { sentence }]) => [sentence, id] as const);

describe.each(["apache/airflow:2.7.0-python3.9", "apache/airflow:3.3.2"])("%s", (image) => {
  it.concurrent.each(behaviours)("%s", async (_sentence, id) => {
    await expectBehaviour[id as keyof typeof airflowBehaviour](image);
  });
});
