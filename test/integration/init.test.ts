import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import type { ActionContext } from "../../src/actions/context.ts";
import { init } from "../../src/actions/init.ts";
import { createNodePorts } from "../../src/node/node-ports.ts";
import { createTemporaryDirectory } from "../helpers/temporary-directory.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const example = join(root, "examples", "airflow-mlflow");

function context(): ActionContext {
  return {
    ports: createNodePorts(),
    resources: join(root, "resources"),
    supervisorEntry: "",
    postgresDependency: undefined,
    nodeDirectory: "",
    version: "0.0.0",
    emit: () => undefined,
    signal: new AbortController().signal,
  };
}

async function textsBelow(directory: string): Promise<Record<string, string>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    await Promise.all(
      paths.map(async (path) => [path.slice(directory.length + 1), await readFile(path, "utf8")] as const),
    ),
  );
}

function withoutValues(dotenv: string | undefined): string | undefined {
  return dotenv?.replaceAll(/^(\w+)=.*$/gm, "$1=");
}

describe("init", () => {
  it("writes what examples/airflow-mlflow holds, with other secrets", async () => {
    await using place = await createTemporaryDirectory();
    const directory = join(place.path, "a stack", "größer");

    const result = await init(context(), { directory });

    const written = await textsBelow(directory);
    expect(Object.keys(written).toSorted()).toEqual([...result.files].toSorted());
    const { ".env": exampleSecrets, ...exampleFiles } = await textsBelow(example);
    const { ".env": secrets, ...files } = written;
    delete exampleFiles["bulkhead.lock"];
    expect(files).toEqual(exampleFiles);
    expect(withoutValues(secrets)).toBe(withoutValues(exampleSecrets));
    const values = (text = ""): string[] =>
      [...text.matchAll(/^(?!AIRFLOW_ADMIN_USER)\w+=(.*)$/gm)].map((match) => match[1] ?? "");
    expect(values(secrets)).toHaveLength(6);
    expect(values(secrets).filter((value) => values(exampleSecrets).includes(value))).toEqual([]);
    expect(result.next.at(-1)).toBe("bulkhead prove");
  });

  it("keeps secrets from other accounts, and out of every other file", async () => {
    await using directory = await createTemporaryDirectory();

    await init(context(), { directory: directory.path });

    expect((await stat(join(directory.path, ".env"))).mode & 0o777).toBe(0o600);
    const { ".env": dotenv = "", ...others } = await textsBelow(directory.path);
    const secrets = [...dotenv.matchAll(/=([\w-]{20,})/g)].map((match) => match[1] ?? "");
    expect(secrets).toHaveLength(6);
    const leaking = Object.entries(others).filter(([, text]) => secrets.some((secret) => text.includes(secret)));
    expect(leaking).toEqual([]);
    expect(others[".gitignore"]?.split("\n")).toContain(".env");
  });

  it("writes the wanted versions and ports everywhere", async () => {
    await using directory = await createTemporaryDirectory();

    await init(context(), {
      directory: directory.path,
      airflow: "2.10.5",
      mlflow: "2.22.0",
      postgres: "16",
      airflowPort: 18080,
      mlflowPort: 15000,
    });

    const files = await textsBelow(directory.path);
    expect(files["airflow/Dockerfile"]).toContain("FROM apache/airflow:2.10.5\n");
    expect(files["airflow/Dockerfile"]).toContain("mlflow-skinny==2.22.0\n");
    expect(files["mlflow/Dockerfile"]).toContain("FROM ghcr.io/mlflow/mlflow:v2.22.0\n");
    expect(files["compose.yaml"]).toContain("image: postgres:16\n");
    for (const path of ["compose.yaml", "README.md"]) {
      expect(files[path]).toContain("18080");
      expect(files[path]).toContain("15000");
    }
    expect(Object.values(files).join("\n")).not.toMatch(/3\.3\.2|3\.17\.2/);
  });

  it("overwrites nothing, and names what is in the way", async () => {
    await using directory = await createTemporaryDirectory();
    await mkdir(join(directory.path, "dags"));
    await writeFile(join(directory.path, "dags", "train_and_log.py"), "mine");
    await writeFile(join(directory.path, "docker-compose.yml"), "services: {}");
    await symlink("/nowhere", join(directory.path, ".env"));

    await expect(init(context(), { directory: directory.path })).rejects.toMatchObject({
      code: "FILE_EXISTS",
      exitCode: 2,
      message: expect.stringContaining("already has .env, dags/train_and_log.py, docker-compose.yml;"),
      detail: { files: [".env", "dags/train_and_log.py", "docker-compose.yml"] },
    });

    expect((await readdir(directory.path)).toSorted()).toEqual([".env", "dags", "docker-compose.yml"]);
    expect(await readFile(join(directory.path, "dags", "train_and_log.py"), "utf8")).toBe("mine");
  });

  it("takes back what it wrote when it cannot go on", async () => {
    await using directory = await createTemporaryDirectory();
    await writeFile(join(directory.path, "mlflow"), "a file where a directory must be");

    await expect(init(context(), { directory: directory.path })).rejects.toMatchObject({ code: "FILE_EXISTS" });

    expect(Object.keys(await textsBelow(directory.path))).toEqual(["mlflow"]);
  });

  it("refuses ports that cannot be", async () => {
    await using directory = await createTemporaryDirectory();
    const { path } = directory;

    await expect(init(context(), { directory: path, airflowPort: 0 })).rejects.toMatchObject({ code: "COMMAND_USAGE" });
    await expect(init(context(), { directory: path, mlflowPort: 8080 })).rejects.toMatchObject({
      code: "COMMAND_USAGE",
      message: "Airflow and MLflow cannot both have port 8080.",
    });

    expect(await readdir(path)).toEqual([]);
  });
});

describe("examples", () => {
  it("holds exactly what the generator writes", async () => {
    const run = promisify(execFile)(process.execPath, [join(root, "scripts", "generate-examples.mjs"), "--check"]);
    await expect(run).resolves.toMatchObject({ stdout: "examples/airflow-mlflow is up to date\n" });
  });

  it("gives the article's stack the same example DAG", async () => {
    const dag = await readFile(join(root, "resources", "init", "train_and_log.py"), "utf8");
    expect(await readFile(join(root, "examples", "article-after", "dags", "train_and_log.py"), "utf8")).toBe(dag);
  });
});
