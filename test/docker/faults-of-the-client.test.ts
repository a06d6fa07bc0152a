import { cp, mkdir, writeFile } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createBulkheadProject } from "./helpers/bulkhead-project.ts";
import { docker, dockerOutput } from "./helpers/docker.ts";
import { database } from "./helpers/small-database.ts";
import { upTold } from "./helpers/told.ts";

it.concurrent("no docker command", async () => {
  await using project = await createBulkheadProject(database());
  expect(await upTold(project, { PATH: "/nonexistent" })).toMatchObject({
    exitCode: 2,
    code: "DOCKER_NOT_INSTALLED",
    fault: "not-installed",
    hint: expect.stringContaining("docs.docker.com/engine/install"),
  });
});

it.concurrent("no Compose plugin; with the old docker-compose, and with a new one where no plugin is looked for", async () => {
  await using project = await createBulkheadProject(database());
  const DOCKER_CONFIG = join(project.directory, "no-plugins");
  expect(await upTold(project, { DOCKER_CONFIG })).toMatchObject({
    code: "DOCKER_COMPOSE_MISSING",
    fault: "compose-missing",
    message: "The docker client has no Compose: its plugin is not installed.",
    hint: expect.stringContaining("docker-compose-plugin"),
  });
  const bin = join(project.directory, "bin");
  await mkdir(bin);
  const place = join(bin, "docker-compose");
  await writeFile(place, "#!/bin/sh\necho 1.29.2\n", { mode: 0o755 });
  const PATH = `${bin}:${process.env["PATH"]}`;
  expect(await upTold(project, { DOCKER_CONFIG, PATH })).toMatchObject({
    code: "DOCKER_COMPOSE_MISSING",
    fault: "compose-too-old",
    message: expect.stringContaining("old docker-compose 1.29.2"),
  });
  await writeFile(place, "#!/bin/sh\necho 2.40.1\n");
  expect(await upTold(project, { DOCKER_CONFIG, PATH })).toMatchObject({
    code: "DOCKER_COMPOSE_MISSING",
    fault: "compose-not-a-plugin",
    hint: expect.stringMatching(/^mkdir -p ~\/\.docker\/cli-plugins && ln -s/),
  });
});

it.concurrent("DOCKER_HOST and a context that lead nowhere", async () => {
  await using project = await createBulkheadProject(database());
  const nowhere = `unix://${project.directory}/none.sock`;
  for (const DOCKER_HOST of [nowhere, "tcp://127.0.0.1:1"]) {
    expect(await upTold(project, { DOCKER_HOST })).toMatchObject({
      exitCode: 2,
      code: "DOCKER_NOT_RUNNING",
      fault: "docker-host-silent",
      message: `DOCKER_HOST is ${DOCKER_HOST}, and no Docker Engine answers there.`,
      hint: expect.stringMatching(/^unset DOCKER_HOST/),
    });
  }
  const DOCKER_CONFIG = join(project.directory, "client");
  await cp(process.env["DOCKER_CONFIG"] ?? "", DOCKER_CONFIG, { recursive: true, dereference: false });
  await docker(["context", "create", "gone", "--docker", `host=${nowhere}`], { env: { DOCKER_CONFIG } });
  await docker(["context", "use", "gone"], { env: { DOCKER_CONFIG } });
  expect(await upTold(project, { DOCKER_CONFIG })).toMatchObject({
    code: "DOCKER_NOT_RUNNING",
    fault: "context-silent",
    message: expect.stringContaining("context gone leads to"),
    hint: expect.stringMatching(/^docker context use default/),
  });
  expect(await upTold(project, { DOCKER_CONTEXT: "missing" })).toMatchObject({
    code: "DOCKER_NOT_RUNNING",
    fault: "context-missing",
    message: expect.stringContaining("context missing"),
  });
});

it.concurrent("an engine that takes the question and never answers", async () => {
  await using project = await createBulkheadProject(database());
  const socket = join(project.directory, "silent.sock");
  const asked: Socket[] = [];
  const listener = createServer((connection) => asked.push(connection)).listen(socket);
  try {
    expect(await upTold(project, { DOCKER_HOST: `unix://${socket}` })).toMatchObject({
      exitCode: 2,
      code: "DOCKER_NOT_RUNNING",
      fault: "no-answer",
      message: "The Docker Engine did not answer within 20 s.",
    });
  } finally {
    for (const connection of asked) connection.destroy();
    listener.close();
  }
});

it.concurrent("a client that is newer than the engine, and one that is older than it takes", async () => {
  await using project = await createBulkheadProject(database());
  expect(await upTold(project, { DOCKER_API_VERSION: "1.99" })).toMatchObject({
    code: "DOCKER_TOO_OLD",
    fault: "engine-too-old",
  });
  expect(await upTold(project, { DOCKER_API_VERSION: "1.10" })).toMatchObject({
    code: "DOCKER_TOO_OLD",
    fault: "client-too-old",
    message: expect.stringContaining("no longer knows interface 1.10"),
  });
});

it.concurrent("an engine that is too old for what the file asks", async () => {
  await using project = await createBulkheadProject(
    database({ volumes: [{ type: "image", source: "postgres:13", target: "/other" }] }),
  );
  // As an engine before 28 does: the oldest interface that this one still speaks, and no newer one than Debian's.
  const oldest = await dockerOutput(["version", "--format", "{{.Server.MinAPIVersion}}"]);
  const DOCKER_API_VERSION = Number(oldest.split(".")[1]) > 41 ? oldest : "1.41";
  expect(await upTold(project, { DOCKER_API_VERSION })).toMatchObject({
    exitCode: 2,
    code: "DOCKER_TOO_OLD",
    fault: "engine-too-old-for-file",
    message: expect.stringMatching(/^The file needs Docker Engine 28 or newer: .*type=image/),
  });
});
