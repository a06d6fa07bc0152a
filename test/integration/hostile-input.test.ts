import { execFileSync } from "node:child_process";
import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadOutcome } from "../../src/compose/load-outcome.ts";
import type { LoadRequest } from "../../src/compose/load-request.ts";
import { nodeSources } from "../../src/node/node-sources.ts";
import { assertSurvivesMutations } from "../helpers/assert-survives-mutations.ts";
import { memorySources } from "../helpers/memory-sources.ts";
import { requestFor } from "../helpers/request-for.ts";
import { createTemporaryDirectory } from "../helpers/temporary-directory.ts";

function requestIn(cwd: string): LoadRequest {
  return requestFor({ cwd, projectName: "p" });
}

it("five thousand mutated projects never crash or hang the loader", () => assertSurvivesMutations(5_000, 1));

describe("files that are no files", () => {
  it.each([
    ["a named pipe", "pipe", "not a regular file"],
    ["an endless device", "/dev/zero", "not a regular file"],
    ["a terminal", "/dev/tty", "not a regular file"],
    ["a directory", ".", "not a regular file"],
    ["links in a circle", "circle", "links lead in a circle"],
  ])("%s as env_file is refused, and the rest is known", async (_what, path, reason) => {
    await using directory = await createTemporaryDirectory();
    execFileSync("mkfifo", [join(directory.path, "pipe")]);
    await symlink("circle", join(directory.path, "circle"));
    await writeFile(
      join(directory.path, "compose.yaml"),
      `services:\n  a: {image: a, env_file: ${path}, environment: {A: 1}}\n`,
    );
    const { project, faults, gaps } = loadOutcome(requestIn(directory.path), nodeSources);
    expect(faults).toMatchObject([{ kind: "unreadable", data: { reason }, span: { line: 2 } }]);
    expect(gaps).toEqual(faults);
    expect(project?.services["a"]).toMatchObject({ environment: { A: "1" }, incomplete: ["environment"] });
  });

  it.each(["pipe", "/dev/zero"])("%s as .env, include and extends is refused", async (path) => {
    await using directory = await createTemporaryDirectory();
    const target = path === "pipe" ? join(directory.path, "pipe") : path;
    if (path === "pipe") execFileSync("mkfifo", [target]);
    await symlink(target, join(directory.path, ".env"));
    await writeFile(
      join(directory.path, "compose.yaml"),
      `include: [${target}]\nservices:\n  a: {image: a, extends: {file: ${target}, service: b}}\n`,
    );
    const { faults } = loadOutcome(requestIn(directory.path), nodeSources);
    expect(faults.map(({ kind, span }) => [kind, span?.line])).toEqual([
      ["unreadable", undefined],
      ["unreadable", 1],
      ["unreadable", 3],
    ]);
  });
});

const app = "services: {a: {image: a}}\n";
const lines = (count: number, line: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => line(at)).join("");
const fill = (text: string, megabytes: number) => text.repeat(Math.ceil((megabytes * 1024 * 1024) / text.length));

/** Files that would take minutes or gigabytes without limits, and what is said of them; undefined: they are taken. */
const worst: readonly (readonly [string, () => Readonly<Record<string, string>>, RegExp | undefined])[] = [
  ["ten megabytes", () => ({ "compose.yaml": app + fill("# x\n", 10) }), /larger than 4 MiB/],
  [
    "three megabytes of empty lines",
    () => ({ "compose.yaml": `${app}x-a: |\n${fill("\n", 3)}` }),
    /more than 1000000 YAML tokens/,
  ],
  [
    "a hundred thousand services",
    () => ({ "compose.yaml": `services:\n${lines(100_000, (at) => ` s${at}: {image: a}\n`)}` }),
    /more than 1000000 YAML tokens/,
  ],
  [
    "thirty thousand services",
    () => ({ "compose.yaml": `services:\n${lines(30_000, (at) => ` s${at}: {image: a}\n`)}` }),
    undefined,
  ],
  [
    "laughing merges",
    () => ({
      "compose.yaml": `x-0: &l0 {a: 1}\n${lines(30, (at) => `x-${at + 1}: &l${at + 1}\n  <<: [${`*l${at},`.repeat(10)}]\n`)}${app}`,
    }),
    /aliases unfold to more than 200000 values/,
  ],
  [
    "laughing includes",
    () => ({
      "compose.yaml": "include: [b.yaml, b.yaml]\n",
      ...Object.fromEntries(
        Array.from({ length: 40 }, (_, at) => [
          `${"b".repeat(at + 1)}.yaml`,
          `include: [${"b".repeat(at + 2)}.yaml, ./${"b".repeat(at + 2)}.yaml]\n`,
        ]),
      ),
      [`${"b".repeat(41)}.yaml`]: app,
    }),
    /more than 1000 included files/,
  ],
  [
    "laughing variables",
    () => ({ "compose.yaml": app, ".env": `A=x\n${"A=$A$A\n".repeat(60)}` }),
    /more than 1048576 are refused/,
  ],
  ["a megabyte of brackets", () => ({ "compose.yaml": `x-a: ${fill("[", 1)}` }), /nested more than 400 levels/],
  [
    "a megabyte of closing brackets",
    () => ({ "compose.yaml": `${app}x-a: ${fill("]", 1)}` }),
    /Unexpected flow-seq-end/,
  ],
  [
    "a megabyte of open expressions",
    () => ({ "compose.yaml": `services: {a: {image: a, hostname: '${fill("${A:-", 1)}'}}\n` }),
    /invalid interpolation/,
  ],
  [
    "nested expressions",
    () => ({ "compose.yaml": `services: {a: {image: a, hostname: '${"${A:-".repeat(5_000)}${"}".repeat(5_000)}'}}\n` }),
    /nested more than 100 levels/,
  ],
  [
    "a long chain of extends",
    () => ({
      "compose.yaml": `services:\n${lines(20_000, (at) => ` s${at}: {extends: s${at + 1}}\n`)} s20000: {image: a}\n`,
    }),
    /more than 100 times in a row/,
  ],
  [
    "a large base extended often",
    () => ({
      "compose.yaml": `services:\n b: {image: a, environment: {${lines(3_000, (at) => `k${at}: v,`)}}}\n${lines(3_000, (at) => ` s${at}: {extends: b}\n`)}`,
    }),
    /more than 500000 values through extends/,
  ],
  [
    "a long circle of dependencies",
    () => ({
      "compose.yaml": `services:\n${lines(20_000, (at) => ` s${at}: {image: a, depends_on: [s${(at + 1) % 20_000}]}\n`)}`,
    }),
    /depend on each other in a circle/,
  ],
  [
    "the same item very often",
    () => ({ "compose.yaml": `services:\n a:\n  image: a\n  security_opt:\n${"   - c\n".repeat(90_000)}` }),
    /are equal/,
  ],
  [
    "unknown anchors",
    () => ({ "compose.yaml": `${app}x-a:\n${lines(49_000, (at) => ` - *a${at}\n`)}` }),
    /unknown anchor/,
  ],
  [
    "all ports, often",
    () => ({
      "compose.yaml": `services: {a: {image: a, ports: [${lines(200, (at) => `'127.0.0.${at + 1}:1-65535:1-65535',`)}]}}\n`,
    }),
    /more than 200000 published ports/,
  ],
  [
    "large env files in many services",
    () => ({
      "compose.yaml": `services:\n${lines(10_000, (at) => ` s${at}: {image: a, env_file: e.env}\n`)}`,
      "e.env": lines(500, (at) => `K${at}=v\n`),
    }),
    /more than 200000 variables from env files/,
  ],
];

describe("the worst files", () => {
  it.each(worst)("%s: a clear answer, soon", (_name, files, said) => {
    const before = process.cpuUsage().user;
    const { faults, project } = loadOutcome(requestIn("/p"), memorySources(files()));
    expect((process.cpuUsage().user - before) / 1e6).toBeLessThan(30);
    const faulty = project === undefined || faults.length > 0;
    const messages = faulty ? faults.map(({ message }) => message).join("\n") : "taken";
    expect(messages).toMatch(said ?? /^taken$/);
  });

  it("tags of every kind are taken or refused by name", () => {
    const tags = [
      "!!binary aGk=",
      "!!set {a, b}",
      "!!omap [a: 1]",
      "!!python/object:os.system x",
      "!foo bar",
      "!<tag:x,2000:y> z",
      "!reset x",
      "! x",
      "!!map [a]",
      "!!seq {a: b}",
    ];
    const text = `${app}x-a:\n${tags.map((tag) => ` - ${tag}\n`).join("")} - !!int abc\n - !!null x\n`;
    const { faults } = loadOutcome(requestIn("/p"), memorySources({ "compose.yaml": text }));
    expect(faults.map(({ message }) => message)).toEqual(['"abc" is no !!int', '"x" is no !!null']);
  });

  it("bytes that are no UTF-8 are refused with their file", () => {
    const bytes = Uint8Array.of(0x61, 0x3a, 0xff, 0xfe);
    const { faults, project } = loadOutcome(requestIn("/p"), memorySources({ "compose.yaml": bytes }));
    expect(project).toBeUndefined();
    expect(faults).toMatchObject([{ kind: "syntax", message: "/p/compose.yaml is not valid UTF-8" }]);
  });
});
