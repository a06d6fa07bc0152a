import { EventEmitter } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { ActionContext } from "../../src/actions/context.ts";
import { watchInterrupts } from "../../src/cli/interrupts.ts";
import { COMMANDS } from "../../src/cli/registry.gen.ts";
import { runCli } from "../../src/cli/run-cli.ts";
import { nodeSources } from "../../src/node/node-sources.ts";
import { checkJsonSchema } from "../helpers/check-json-schema.ts";
import { fakeTerminal } from "../helpers/fake-terminal.ts";
import { createTemporaryDirectory } from "../helpers/temporary-directory.ts";

const compose = `x-env: &env
  DSN: postgresql://air:\${PW}@\${DB_HOST:-db}/d
services:
  app:
    image: app:\${TAG}
    environment:
      <<: *env
`;

/** Runs a command line in a directory of real files. */
async function run(directory: string, ...argv: readonly string[]) {
  const terminal = fakeTerminal({});
  const host = { cwd: directory, env: { TAG: "2" } };
  const code = await runCli([...argv], {
    version: "1.2.3",
    commands: COMMANDS,
    terminal: terminal.terminal,
    watchInterrupts: (listeners) => watchInterrupts(new EventEmitter(), () => {}, listeners),
    openContext: (own) =>
      Promise.resolve({ ...own, version: "1.2.3", ports: { host, sources: nodeSources } } as unknown as ActionContext),
  });
  return { code, ...terminal.written };
}

async function project() {
  const directory = await createTemporaryDirectory();
  await writeFile(join(directory.path, "compose.yaml"), compose);
  await writeFile(join(directory.path, ".env"), "PW=hunter2\nTAG=1\n");
  return directory;
}

it("why shows the places that made a value, without its secrets", async () => {
  await using directory = await project();
  const { code, stdout } = await run(directory.path, "why", "app.environment.DSN");
  expect(code).toBe(0);
  expect(stdout).toBe(`app.environment.DSN = "postgresql://air:***@db/d"
  ╭─ compose.yaml:7:11
7 │       <<: *env
  │           ^^^^ through this merge key
  ⋮
2 │   DSN: postgresql://air:\${PW}@\${DB_HOST:-db}/d
  │        --------------------------------------- written here
  │                         ----- takes PW
  ╭─ .env:1:1
1 │ PW=*******
  │ ---------- PW is set here
  ╭─ compose.yaml:2:31
2 │   DSN: postgresql://air:\${PW}@\${DB_HOST:-db}/d
  │                               -------------- DB_HOST is not set, its default stands in
`);
});

it("why shows what lost, and tells the same as JSON", async () => {
  await using directory = await project();
  const { stdout } = await run(directory.path, "why", "app.image");
  expect(stdout).toContain('app.image = "app:2"');
  expect(stdout).toContain("TAG is set by the shell");
  expect(stdout).toMatch(/instead of\n.*\.env:2:1\n2 │ TAG=1\n/);
  const json = await run(directory.path, "why", "app.image", "--json");
  const told: unknown = JSON.parse(json.stdout);
  expect(checkJsonSchema("why", told)).toEqual([]);
  expect(told).toMatchObject({ value: "app:2", parts: [{ text: "app:" }, { text: "2" }] });
});

it("why names what there is when a path leads nowhere, and explains a faulty project as far as it is known", async () => {
  await using directory = await project();
  const wrong = await run(directory.path, "why", "app.imag");
  expect(wrong).toMatchObject({ code: 2, stdout: "" });
  expect(wrong.stderr).toContain("app has no imag. It has: image, environment, networks.");
  expect(wrong.stderr).toContain("bulkhead why app.image");
  await writeFile(join(directory.path, "compose.yaml"), `${compose}    env_file: gone.env\n`);
  const faulty = await run(directory.path, "why", "app.image");
  expect(faulty.stdout).toContain("app:2");
  expect(faulty.stderr).toContain("the project has a fault");
});

it("why prints no places for a value that no file holds", async () => {
  await using directory = await project();
  const { stdout } = await run(directory.path, "why", "app.networks");
  expect(stdout).toMatch(/^app\.networks\n {2}Compose's own default\n\nNAME +VALUE +FROM\ndefault +null +default\n$/);
});
