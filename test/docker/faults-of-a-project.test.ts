import { writeFile } from "node:fs/promises";
import { createServer, type AddressInfo, type Server } from "node:net";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createBulkheadProject } from "./helpers/bulkhead-project.ts";
import { uniqueName } from "./helpers/docker.ts";
import { database, server } from "./helpers/small-database.ts";
import { startRegistry } from "./helpers/small-registry.ts";
import { told, upTold } from "./helpers/told.ts";

function listen(): Promise<Server> {
  return new Promise((resolve) => {
    const listener = createServer();
    listener.listen(0, "127.0.0.1", () => resolve(listener));
  });
}

it.concurrent.each([
  ["not-found", "IMAGE_NOT_FOUND", "image-not-found"],
  ["too-many", "NETWORK_UNREACHABLE", "registry-refused"],
  ["other-platform", "IMAGE_NOT_FOUND", "platform-missing"],
] as const)("an image whose registry answers: %s", async (answer, code, fault) => {
  await using registry = await startRegistry(answer);
  await using project = await createBulkheadProject(database({ image: `${registry.host}/own/postgres:17` }));
  expect(told(await project.bulkhead("--json", "up", "--no-check"))).toMatchObject({ exitCode: 2, code, fault });
});

it.concurrent("a registry that cannot be reached", async () => {
  await using project = await createBulkheadProject(database({ image: "localhost:1/own/postgres:17" }));
  expect(told(await project.bulkhead("--json", "up", "--no-check"))).toMatchObject({
    exitCode: 2,
    code: "NETWORK_UNREACHABLE",
    fault: "registry-unreachable",
    message: expect.stringContaining("localhost:1"),
  });
});

it.concurrent("a port that a program or another project holds, each named", async () => {
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

it.concurrent("a container's name that another project has", async () => {
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

it.concurrent("a volume of another major, and one with other credentials", async () => {
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
