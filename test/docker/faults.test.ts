import { chmod, cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo, type Server } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { createTemporaryDirectory } from "../helpers/temporary-directory.ts";
import { createBulkheadProject, type BulkheadProject } from "./helpers/bulkhead-project.ts";
import { docker, runProgram, uniqueName, type DockerResult } from "./helpers/docker.ts";
import { startRegistry } from "./helpers/small-registry.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const server = { image: "postgres:17", environment: { POSTGRES_USER: "app", POSTGRES_PASSWORD: "first" } };
const database = (more: object = {}): object => ({ services: { db: { ...server, ...more } } });

interface Told {
  readonly exitCode: number | null;
  readonly code: string;
  readonly fault: unknown;
  readonly message: string;
  readonly hint: string;
}

/** What `bulkhead --json` tells of its one error. */
function told({ exitCode, stdout, stderr }: DockerResult): Told {
  if (stdout.trim() === "") throw new Error(`no answer: ${stderr}`);
  const { errors } = JSON.parse(stdout) as {
    errors: { code: string; message: string; hint: string; detail: { fault?: unknown } }[];
  };
  const [error] = errors;
  if (error === undefined) throw new Error(`no error: ${stdout}`);
  return { exitCode, code: error.code, fault: error.detail.fault, message: error.message, hint: error.hint };
}

const upTold = async (project: BulkheadProject, env: Readonly<Record<string, string>> = {}): Promise<Told> =>
  told(await project.bulkheadWith(env, "--json", "up"));

function listen(): Promise<Server> {
  return new Promise((resolve) => {
    const listener = createServer();
    listener.listen(0, "127.0.0.1", () => resolve(listener));
  });
}

describe("what keeps Docker from being used", () => {
  it("no docker command", async () => {
    await using project = await createBulkheadProject(database());
    expect(await upTold(project, { PATH: "/nonexistent" })).toMatchObject({
      exitCode: 2,
      code: "DOCKER_NOT_INSTALLED",
      hint: expect.stringContaining("docs.docker.com/engine/install"),
    });
  });

  it("no Compose plugin; with only the old docker-compose", async () => {
    await using project = await createBulkheadProject(database());
    const DOCKER_CONFIG = join(project.directory, "no-plugins");
    expect(await upTold(project, { DOCKER_CONFIG })).toMatchObject({
      code: "DOCKER_COMPOSE_MISSING",
      message: "The docker client has no Compose: its plugin is not installed.",
      hint: expect.stringContaining("docker-compose-plugin"),
    });
    const bin = join(project.directory, "bin");
    await mkdir(bin);
    await writeFile(join(bin, "docker-compose"), "#!/bin/sh\necho 1.29.2\n", { mode: 0o755 });
    const PATH = `${bin}:${process.env["PATH"]}`;
    expect(await upTold(project, { DOCKER_CONFIG, PATH })).toMatchObject({
      code: "DOCKER_COMPOSE_MISSING",
      message: expect.stringContaining("old docker-compose 1.29.2"),
    });
  });

  it("DOCKER_HOST and a context that lead nowhere", async () => {
    await using project = await createBulkheadProject(database());
    const nowhere = `unix://${project.directory}/none.sock`;
    expect(await upTold(project, { DOCKER_HOST: nowhere })).toMatchObject({
      exitCode: 2,
      code: "DOCKER_NOT_RUNNING",
      message: `DOCKER_HOST is ${nowhere}, and no Docker Engine answers there.`,
      hint: expect.stringMatching(/^unset DOCKER_HOST/),
    });
    const DOCKER_CONFIG = join(project.directory, "client");
    await cp(process.env["DOCKER_CONFIG"] ?? "", DOCKER_CONFIG, { recursive: true, dereference: false });
    await docker(["context", "create", "gone", "--docker", `host=${nowhere}`], { env: { DOCKER_CONFIG } });
    await docker(["context", "use", "gone"], { env: { DOCKER_CONFIG } });
    expect(await upTold(project, { DOCKER_CONFIG })).toMatchObject({
      code: "DOCKER_NOT_RUNNING",
      message: expect.stringContaining("context gone leads to"),
      hint: expect.stringMatching(/^docker context use default/),
    });
    expect(await upTold(project, { DOCKER_CONTEXT: "missing" })).toMatchObject({
      code: "DOCKER_NOT_RUNNING",
      message: expect.stringContaining("context missing"),
    });
  });

  it("a client that speaks a newer interface than the engine", async () => {
    await using project = await createBulkheadProject(database());
    expect(await upTold(project, { DOCKER_API_VERSION: "1.99" })).toMatchObject({
      code: "DOCKER_TOO_OLD",
      fault: "engine-too-old",
    });
  });
});

describe("an account or a machine without the engine's socket", () => {
  let own: { readonly path: string };
  let run: (lines: readonly string[], env?: Readonly<Record<string, string>>) => Promise<Told>;

  // An account that reaches nothing of root's: the program, its node and the plugin are where it can read them.
  beforeAll(async () => {
    const temporary = await createTemporaryDirectory();
    own = temporary;
    await cp(join(root, "dist"), join(own.path, "dist"), { recursive: true });
    await cp(join(root, "bin"), join(own.path, "bin"), { recursive: true });
    await cp(join(root, "resources"), join(own.path, "resources"), { recursive: true });
    await cp(join(root, "package.json"), join(own.path, "package.json"));
    await cp(process.execPath, join(own.path, "node"));
    await cp(process.env["DOCKER_CONFIG"] ?? "", join(own.path, "client"), { recursive: true, dereference: true });
    await mkdir(join(own.path, "project"));
    await mkdir(join(own.path, "homes"));
    await writeFile(join(own.path, "project/compose.yaml"), JSON.stringify(database()));
    await runProgram("chmod", ["-R", "a+rX", own.path], {});
    await chmod(join(own.path, "homes"), 0o777);
    const program = `${own.path}/node ${own.path}/bin/bulkhead.js --json --engine docker up`;
    run = async (lines, env = {}) => {
      const script = [...lines.slice(0, -1), `exec ${lines.at(-1)} ${program}`].join("\n");
      const result = await runProgram("unshare", ["--mount", "sh", "-ec", script], {
        cwd: join(own.path, "project"),
        env: {
          COMPOSE_PROJECT_NAME: uniqueName("faults"),
          HOME: join(own.path, "home"),
          // The account's own, which it makes itself.
          BULKHEAD_HOME: join(own.path, "homes", uniqueName("home")),
          DOCKER_CONFIG: join(own.path, "client"),
          ...env,
        },
      });
      return told(result);
    };
    return () => temporary[Symbol.asyncDispose]();
  });
  const nobody = "setpriv --reuid=65534 --regid=65534 --clear-groups";

  it("an engine that is stopped", async () => {
    expect(await run(["mount -t tmpfs none /run", ""])).toMatchObject({
      exitCode: 2,
      code: "DOCKER_NOT_RUNNING",
      message: expect.stringContaining("unix:///var/run/docker.sock"),
      hint: expect.stringMatching(/^sudo systemctl start docker/),
    });
  });

  it("not in the socket's group", async () => {
    expect(await run([nobody])).toMatchObject({
      code: "DOCKER_FORBIDDEN",
      message: expect.stringMatching(/^nobody is not in the group docker/),
      hint: expect.stringMatching(/^sudo usermod -aG docker nobody && newgrp docker/),
    });
  });

  it("in the group, but by a login that is older", async () => {
    const groups = (await readFile("/etc/group", "utf8")).replace(/^(docker:.*:\d+:).*$/m, "$1nobody");
    await writeFile(join(own.path, "group"), groups);
    expect(await run([`mount --bind ${own.path}/group /etc/group`, nobody])).toMatchObject({
      code: "DOCKER_FORBIDDEN",
      message: expect.stringMatching(/^nobody is in the group docker, but this login is older/),
      hint: expect.stringMatching(/^newgrp docker/),
    });
  });

  it("a rootless engine's socket elsewhere", async () => {
    await using directory = await createTemporaryDirectory();
    const socket = join(directory.path, "docker.sock");
    const listener = createServer().listen(socket);
    await runProgram("chmod", ["-R", "a+rX", directory.path], {});
    try {
      expect(await run([nobody], { XDG_RUNTIME_DIR: directory.path })).toMatchObject({
        hint: `export DOCKER_HOST=unix://${socket}`,
      });
    } finally {
      listener.close();
    }
  });
});

describe("what keeps a project from starting", () => {
  it.each([
    ["not-found", "IMAGE_NOT_FOUND", "image-not-found"],
    ["too-many", "NETWORK_UNREACHABLE", "registry-refused"],
    ["other-platform", "IMAGE_NOT_FOUND", "platform-missing"],
  ] as const)("an image whose registry answers: %s", async (answer, code, fault) => {
    await using registry = await startRegistry(answer);
    await using project = await createBulkheadProject(database({ image: `${registry.host}/own/postgres:17` }));
    expect(told(await project.bulkhead("--json", "up", "--no-check"))).toMatchObject({ exitCode: 2, code, fault });
  });

  it("a registry that cannot be reached", async () => {
    await using project = await createBulkheadProject(database({ image: "localhost:1/own/postgres:17" }));
    expect(told(await project.bulkhead("--json", "up", "--no-check"))).toMatchObject({
      exitCode: 2,
      code: "NETWORK_UNREACHABLE",
      message: expect.stringContaining("localhost:1"),
    });
  });

  it("a port that a program or another project holds, each named", async () => {
    const listener = await listen();
    const { port } = listener.address() as AddressInfo;
    const ports = [`127.0.0.1:${port}:5432`];
    await using project = await createBulkheadProject(database({ ports }));
    expect(await upTold(project)).toMatchObject({
      code: "PORT_TAKEN",
      message: expect.stringMatching(new RegExp(`^Port ${port}.* is taken by .+ \\(pid ${process.pid}\\)`)),
    });
    await new Promise((resolve) => listener.close(resolve));
    await project.succeed("up");
    await using other = await createBulkheadProject(database({ ports }));
    expect(await upTold(other)).toMatchObject({
      code: "PORT_TAKEN",
      message: `Port ${port}, which the file publishes, is taken by the container ${project.name}-db-1 of the project ${project.name}.`,
    });
  });

  it("a container's name that another project has", async () => {
    const name = uniqueName("same");
    await using project = await createBulkheadProject(database({ container_name: name }));
    await using other = await createBulkheadProject(database({ container_name: name }));
    await project.succeed("up");
    expect(await upTold(other)).toMatchObject({
      code: "PROJECT_CONFLICT",
      fault: "name-taken",
      message: expect.stringContaining(
        `The project ${project.name} in ${project.directory} has a container named ${name}`,
      ),
    });
  });

  it("a volume of another major, and one with other credentials", async () => {
    await using project = await createBulkheadProject({
      services: { db: { ...server, image: "postgres:13", volumes: ["data:/var/lib/postgresql/data"] } },
      volumes: { data: {} },
    });
    const file = join(project.directory, "compose.yaml");
    await project.succeed("up");
    await writeFile(file, project.file.replace("first", "second"));
    expect(await upTold(project)).toMatchObject({
      exitCode: 1,
      code: "PASSWORD_CHANGED",
      hint: expect.stringContaining("bulkhead exec db psql"),
    });
    await writeFile(file, project.file.replace("postgres:13", "postgres:17"));
    expect(await upTold(project)).toMatchObject({
      exitCode: 1,
      code: "POSTGRES_DATA_MAJOR",
      message: expect.stringContaining("made by PostgreSQL 13, and its image is PostgreSQL 17"),
    });
  });

  it("a job that failed, named with its exit code and its last lines, before what depends on it", async () => {
    await using project = await createBulkheadProject({
      services: {
        job: { ...server, command: ["bash", "-c", "echo ERROR: the pump is dry >&2; exit 7"] },
        db: { ...server, depends_on: { job: { condition: "service_completed_successfully" } } },
      },
    });
    const error = told(await project.bulkhead("--json", "up", "--no-check"));
    expect(error).toMatchObject({ exitCode: 1, code: "STACK_FAILED" });
    expect(error.message).toMatch(/^job exited with code 7\n.*the pump is dry/);
  });
});
