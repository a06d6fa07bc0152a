import { describe, expect, it } from "vitest";
import { edited, loadWhole, openKit, type Texts } from "../../test/helpers/edit-project.ts";
import { memorySources } from "../../test/helpers/memory-sources.ts";
import type { LoadRequest } from "../compose/load-request.ts";
import type { Project } from "../compose/project.ts";

type Path = readonly (string | number)[];

const dsn: Path = ["services", "a", "environment", "DSN"];
const word = (at: number): Path => ["services", "a", "command", at];

function service(...lines: readonly string[]): string {
  return ["services:", "  a:", "    image: a", ...lines, ""].join("\n");
}

function valueAt(project: Project, path: Path): string {
  return String(path.reduce<unknown>((value, key) => (value as Record<string | number, unknown>)[key], project));
}

/** Replaces `part` of the effective text and gives the texts, and the effective text after loading them again. */
function replace(
  texts: Texts,
  path: Path,
  part: string,
  text: string,
  { as = "text", request = {} }: { as?: "text" | "interpolated"; request?: Partial<LoadRequest> } = {},
) {
  const before = valueAt(openKit(texts, request).project, path);
  const start = before.indexOf(part);
  if (start === -1) throw new Error(`"${part}" is not in "${before}"`);
  const after = edited(texts, (kit) => kit.replaceSlice(path, start, start + part.length, text, as), request);
  const wanted = before.slice(0, start) + text + before.slice(start + part.length);
  return { after, wanted, value: after && valueAt(loadWhole(memorySources(after), request), path) };
}

const places: readonly (readonly [string, Texts, Path])[] = [
  ["bare", { "compose.yaml": service("    environment:", "      DSN: pg://u@HOST:5432/db # c") }, dsn],
  ["in double quotes", { "compose.yaml": service("    environment:", '      DSN: "pg://\\u0075@HOST/db"') }, dsn],
  ["in single quotes", { "compose.yaml": service("    environment:", "      DSN: 'pg://it''s@HOST/db'") }, dsn],
  ["in a list", { "compose.yaml": service("    environment:", "      - DSN=pg://u@HOST/db # c") }, dsn],
  ["in flow style", { "compose.yaml": service("    environment: {DSN: pg://u@HOST/db, B: b}") }, dsn],
  [
    "in a literal block",
    { "compose.yaml": service("    environment:", "      DSN: |-", "        pg://u@HOST/db") },
    dsn,
  ],
  [
    "behind CRLF and a byte order mark",
    {
      "compose.yaml": `\uFEFF# ü😀\r\n${service("    environment:", "      DSN: é@HOST/db").replaceAll("\n", "\r\n")}`,
    },
    dsn,
  ],
  [
    "through an anchor",
    { "compose.yaml": "x-e: &e {DSN: u@HOST}\nservices:\n  a: {image: a, environment: *e}\n" },
    dsn,
  ],
  [
    "in .env",
    { "compose.yaml": service("    environment:", "      DSN: pg://${H}/x"), ".env": "H=u@HOST:1 # c\n" },
    dsn,
  ],
  [
    "in .env in single quotes",
    { "compose.yaml": service("    environment:", "      DSN: pg://${H}/x"), ".env": "H='u@HOST:1' # c\r\nB=1\r\n" },
    dsn,
  ],
  [
    "in .env in double quotes",
    { "compose.yaml": service("    environment:", "      DSN: pg://${H}/x"), ".env": 'H="\\"u@HOST:1"\n' },
    dsn,
  ],
  ["in an env file", { "compose.yaml": service("    env_file: e.env"), "e.env": "DSN=pg://u@HOST/d\n" }, dsn],
  ["in words", { "compose.yaml": service("    command: server --x u@HOST:1") }, word(2)],
  ["in quoted words", { "compose.yaml": service('    command: bash -c "x u@HOST y"') }, word(2)],
  [
    "in a folded command",
    { "compose.yaml": service("    command: >", '      bash -c "x', '      u@HOST y"') },
    word(2),
  ],
  ["in single quoted words", { "compose.yaml": service("    command: >", "      sh -c 'x u@HOST'") }, word(2)],
  ["in a command list", { "compose.yaml": service("    command: [sh, -c, 'x u@HOST']") }, word(2)],
  [
    "in a healthcheck",
    { "compose.yaml": service("    healthcheck:", "      test: pg_isready -h HOST") },
    ["services", "a", "healthcheck", "test", 1],
  ],
];

describe("replaceSlice", () => {
  it.each(places)("hands every text over unchanged %s", (_place, texts, path) => {
    for (const text of [
      "db",
      "it's",
      'q"q',
      "a\\b",
      "p$x",
      "${X}",
      "p#x",
      "p #x",
      "p: x",
      "é😀",
      "{x}",
      "a,b",
      "a;b&c|d",
      "`x`",
      "",
    ]) {
      const { after, wanted, value } = replace(texts, path, "HOST", text);
      expect([text, value]).toEqual([text, wanted]);
      expect(
        Object.values(after ?? {})
          .join("")
          .includes("# c"),
      ).toBe(Object.values(texts).join("").includes("# c"));
    }
  });

  it.each([
    ["DSN: a@HOST:1 # why", "DSN: a@db:1 # why"],
    ["DSN: 'a@HOST:1'", "DSN: 'a@db:1'"],
    ["DSN:   >-\n        a@HOST:1", "DSN:   >-\n        a@db:1"],
    ["DSN: ${X:-a@HOST:1}", "DSN: ${X:-a@db:1}"],
  ])("changes only its own characters of %j", (written, wanted) => {
    const text = (line: string) => service("    environment:", `      ${line}`);
    expect(replace({ "compose.yaml": text(written) }, dsn, "HOST", "db").after).toEqual({
      "compose.yaml": text(wanted),
    });
  });

  it("changes numbers, and quotes them when they become text", () => {
    const texts = { "compose.yaml": service("    environment:", "      DSN: 5433") };
    expect(replace(texts, dsn, "33", "32").after?.["compose.yaml"]).toContain("DSN: 5432\n");
    expect(replace(texts, dsn, "5433", "5: 4").after?.["compose.yaml"]).toContain('DSN: "5: 4"\n');
  });

  it("changes several variables' text where the expressions stand", () => {
    const texts = {
      "compose.yaml": service("    environment:", "      DSN: pg://${U}:${P}@h/x"),
      ".env": "U=u\nP=p\n",
    };
    expect(replace(texts, dsn, "u:p", "m:n").after).toEqual({
      ...texts,
      "compose.yaml": service("    environment:", "      DSN: pg://m:n@h/x"),
    });
    expect(replace(texts, dsn, "u:p", "m:${MP:-}", { as: "interpolated" }).after).toEqual({
      ...texts,
      "compose.yaml": service("    environment:", "      DSN: pg://m:${MP:-}@h/x"),
    });
  });

  it("leaves .env alone where an interpolation is written", () => {
    const texts = { "compose.yaml": service("    environment:", "      DSN: ${URL}"), ".env": "URL=pg://u@h/d\n" };
    const whole = replace(texts, dsn, "pg://u@h/d", "pg://m:${PW:-}@$h", { as: "interpolated" });
    expect(whole.after).toEqual({
      ...texts,
      "compose.yaml": service("    environment:", "      DSN: pg://m:${PW:-}@$$h"),
    });
    expect(replace(texts, dsn, "h", "${H:-}", { as: "interpolated" }).after).toBeUndefined();
  });

  it("refuses what no file of the project says", () => {
    const shell = { request: { env: { URL: "xhx" } } };
    expect(
      replace({ "compose.yaml": service("    environment:", "      DSN: ${URL}") }, dsn, "h", "g", shell).after,
    ).toBeUndefined();
    const texts = { "compose.yaml": service("    env_file: ../o.env"), "../o.env": "DSN=h\n" };
    const { kit } = openKit({ ...texts, "o.env": "" });
    expect(kit.replaceSlice(dsn, 0, 1, "g")).toBeUndefined();
  });

  it("refuses a text that would end the expression it stands in", () => {
    const texts = { "compose.yaml": service("    environment:", "      DSN: ${X:-HOST}") };
    expect(replace(texts, dsn, "HOST", "a}b").after).toBeUndefined();
  });

  it.each([
    ["one\n          --two\n        three", "e\n  --two", "e --two", "one --two\n        three"],
    ["one\n          --two\n        three", "one", "one \\", "one \\\n          --two\n        three"],
    ["one\n        two", "\n", "\n\n", "one\n\n        two"],
    ["one \\\n          two\n        three", "\\\n  two\nthree", "x", "one x"],
  ])("joins, cuts and adds lines of a literal block: %j", (written, part, text, wanted) => {
    const block = (script: string) =>
      service("    command:", "      - sh", "      - -c", "      - |", `        ${script}`);
    const result = replace({ "compose.yaml": block(written) }, word(2), part, text);
    expect(result.after?.["compose.yaml"]).toBe(block(wanted));
    expect(result.value).toBe(result.wanted);
  });

  it("finds the one place of what really changes", () => {
    const texts = {
      "compose.yaml": service("    command: >", '      sh -c "one', "        --two", '        --three"'),
    };
    const result = replace(texts, word(2), "one\n  --two", "one \\\n  --two");
    expect(result.after?.["compose.yaml"]).toBe(
      service("    command: >", '      sh -c "one \\\\', "        --two", '        --three"'),
    );
    expect(result.value).toBe(result.wanted);
  });
});
