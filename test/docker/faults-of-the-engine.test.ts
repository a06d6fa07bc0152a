import { once } from "node:events";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createBulkheadProject } from "./helpers/bulkhead-project.ts";
import { asNobody, createOtherAccount, type OtherAccount } from "./helpers/other-account.ts";
import { startSecondEngine } from "./helpers/second-engine.ts";
import { told } from "./helpers/told.ts";

let account: OtherAccount;
beforeAll(async () => {
  account = await createOtherAccount();
});
afterAll(() => account[Symbol.asyncDispose]());

it.concurrent("an engine that was stopped", async () => {
  const directory = join(account.path, "stopped");
  await using engine = await startSecondEngine({ socket: join(directory, "docker.sock") });
  await engine.stop();
  expect(await account.up([`mount --bind ${directory} /run`, ""])).toMatchObject({
    exitCode: 2,
    code: "DOCKER_NOT_RUNNING",
    fault: "not-running",
    message: expect.stringContaining("unix:///var/run/docker.sock"),
    hint: expect.stringMatching(/^sudo systemctl start docker/),
  });
});

it.concurrent("not in the socket's group", async () => {
  expect(await account.up([asNobody])).toMatchObject({
    code: "DOCKER_FORBIDDEN",
    fault: "not-in-group",
    message: expect.stringMatching(/^nobody is not in the group docker/),
    hint: expect.stringMatching(/^sudo usermod -aG docker nobody && newgrp docker/),
  });
});

it.concurrent("in the group, but by a login that is older", async () => {
  const groups = (await readFile("/etc/group", "utf8")).replace(/^(docker:.*:\d+:).*$/m, "$1nobody");
  await writeFile(join(account.path, "group"), groups);
  expect(await account.up([`mount --bind ${account.path}/group /etc/group`, asNobody])).toMatchObject({
    code: "DOCKER_FORBIDDEN",
    fault: "login-before-group",
    message: expect.stringMatching(/^nobody is in the group docker, but this login is older/),
    hint: expect.stringMatching(/^newgrp docker/),
  });
});

it.concurrent("a socket that is root's alone", async () => {
  const directory = join(account.path, "rooted");
  await mkdir(directory);
  const listener = createServer().listen(join(directory, "docker.sock"));
  try {
    await once(listener, "listening");
    await chmod(join(directory, "docker.sock"), 0o660);
    expect(await account.up([`mount --bind ${directory} /run`, asNobody])).toMatchObject({
      code: "DOCKER_FORBIDDEN",
      fault: "socket-of-root",
      message: expect.stringContaining("open to root only"),
    });
  } finally {
    listener.close();
  }
});

it.concurrent("an account's own engine, whose socket is elsewhere", async () => {
  const directory = join(account.path, "own");
  const socket = join(directory, "docker.sock");
  await using engine = await startSecondEngine({ socket });
  await chmod(socket, 0o666);
  expect(await account.up([asNobody], { XDG_RUNTIME_DIR: directory })).toMatchObject({
    fault: "socket-elsewhere",
    hint: `export DOCKER_HOST=${engine.host}`,
  });
  // What it says helps: that engine is asked then, and has no image yet.
  expect(await account.up([asNobody], { DOCKER_HOST: engine.host })).not.toMatchObject({
    code: expect.stringMatching(/^DOCKER_/),
  });
});

it.concurrent("a full disk", async () => {
  await using engine = await startSecondEngine({ socket: join(account.path, "full/docker.sock"), diskMiB: 24 });
  await using project = await createBulkheadProject({ services: { big: { build: "." } } });
  await writeFile(join(project.directory, "Dockerfile"), "FROM scratch\nCOPY big /\n");
  await writeFile(join(project.directory, "big"), Buffer.alloc(40 << 20, 1));
  const env = { DOCKER_HOST: engine.host };
  expect(told(await project.bulkheadWith(env, "--json", "up", "--no-check"))).toMatchObject({
    exitCode: 2,
    code: "DISK_FULL",
    fault: "disk-full",
    hint: expect.stringContaining("docker system df"),
  });
});
