import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { memorySources } from "../../test/helpers/memory-sources.ts";
import { requestFor } from "../../test/helpers/request-for.ts";
import { seededRandom, type SeededRandom } from "../../test/helpers/seeded-random.ts";
import { loadOutcome } from "./load-outcome.ts";
import { loadProject } from "./load-project.ts";
import type { Project, TextPiece } from "./project.ts";

type Files = Readonly<Record<string, string>>;
type Path = readonly (string | number)[];

const request = requestFor({ env: { SHELL_HOST: "sh" } });

function load(files: Files): Project {
  return loadProject(memorySources(files), request);
}

function textAt(files: Files, span: { readonly file: string; readonly start: number; readonly end: number }): string {
  const bytes = Buffer.from(files[span.file.replace("/p/", "")] ?? "");
  return bytes.subarray(span.start, span.end).toString();
}

/** The value at a path as the Project has it. */
function valueAt(project: Project, path: Path): string {
  let value: unknown = project;
  for (const key of path) value = (value as Record<string | number, unknown>)[key];
  return String(value);
}

/** Where each piece of `part` of the value stands: its steps with what they point at. */
function places(files: Files, path: Path, part: string): readonly (readonly string[])[] {
  const project = load(files);
  const at = valueAt(project, path).indexOf(part);
  if (at === -1) throw new Error(`"${part}" is not in "${valueAt(project, path)}"`);
  return project.origins.slice(path, at, at + part.length).map((piece) => linksOf(files, piece));
}

function linksOf(files: Files, { origin }: TextPiece): readonly string[] {
  return origin.chain.map(({ step, span }) => (span === undefined ? step : `${step} ${textAt(files, span)}`));
}

const dsn = ["services", "a", "environment", "DSN"];

function service(...lines: readonly string[]): string {
  return ["services:", "  a:", "    image: a", ...lines, ""].join("\n");
}

describe("a slice of a value", () => {
  it.each([
    ["plain", service("    environment:", "      DSN: postgres://u:p@postgres:5432/db")],
    ["in double quotes", service("    environment:", '      DSN: "postgres://u:\\u0070@postgres:5432/db"')],
    ["in a list", service("    environment:", "      - DSN=postgres://u:p@postgres:5432/db")],
    ["quoted in a list", service("    environment:", "      - 'DSN=postgres://u:p@postgres:5432/db'")],
    [
      "after a byte order mark and CRLF",
      `\uFEFF# ü\r\n${service("    environment:", "      DSN: pg://😀@postgres/d").replaceAll("\n", "\r\n")}`,
    ],
  ])("is found %s", (_form, text) => {
    const found = places({ "compose.yaml": text }, dsn, "@postgres");
    expect(found).toEqual([["written @postgres"]]);
  });

  it("that came out of a variable points into .env, with the use behind it", () => {
    const files = {
      "compose.yaml": service("    environment:", "      DSN: pg://${DB_HOST}:5432/${DB:-air}"),
      ".env": '# Ä\r\nDB_HOST="post\\"gres" # c\r\n',
    };
    expect(places(files, dsn, "gres")).toEqual([["dotenv gres", "interpolated ${DB_HOST}"]]);
    expect(places(files, dsn, "air")).toEqual([["written air", "interpolated ${DB:-air}"]]);
    expect(places(files, dsn, '"gres:5432/ai')).toEqual([
      ['dotenv \\"gres', "interpolated ${DB_HOST}"],
      ["written :5432/"],
      ["written ai", "interpolated ${DB:-air}"],
    ]);
  });

  it("that came out of a variable of a variable names each", () => {
    const files = {
      "compose.yaml": service("    environment:", "      DSN: x${URL}"),
      ".env": "HOST=pg\nURL=//${HOST}/${SHELL_HOST}\n",
    };
    expect(places(files, dsn, "pg")).toEqual([["dotenv pg", "interpolated ${HOST}", "interpolated ${URL}"]]);
    expect(places(files, dsn, "sh")).toEqual([["shell", "interpolated ${SHELL_HOST}", "interpolated ${URL}"]]);
  });

  it("is found in env_file, through its quotes", () => {
    const files = {
      "compose.yaml": service("    env_file: [one.env, {path: two.env, format: raw}]"),
      "one.env": "HOST=h\nexport DSN='pg://h'\nURL=\"a\\tb${HOST}\"\n",
      "two.env": "RAW=pg://'h'\r\n",
    };
    expect(places(files, dsn, "h")).toEqual([["env-file h"]]);
    expect(places(files, ["services", "a", "environment", "RAW"], "h'")).toEqual([["env-file h'"]]);
    const url = ["services", "a", "environment", "URL"];
    expect(places(files, url, "\tb")).toEqual([["env-file \\tb"]]);
    expect(places(files, url, "h")).toEqual([["env-file h", "interpolated ${HOST}"]]);
  });

  it("is found in the words of a command", () => {
    const files = {
      "compose.yaml": service("    command: >", '      bash -c "airflow db \\"migrate\\"', '      && exec ${CMD}"'),
      ".env": "CMD=airflow x\n",
    };
    const script = ["services", "a", "command", 2];
    expect(places(files, script, "airflow db")).toEqual([["written airflow db"]]);
    expect(places(files, script, '"migrate"')).toEqual([['written \\"migrate\\"']]);
    expect(places(files, script, "airflow x")).toEqual([["dotenv airflow x", "interpolated ${CMD}"]]);
    expect(places(files, ["services", "a", "command", 1], "c")).toEqual([["written c"]]);
  });

  it("is a piece a line in a literal block", () => {
    const files = { "compose.yaml": service("    command:", "      - |", "        one", "        two") };
    expect(places(files, ["services", "a", "command", 0], "ne\ntw")).toEqual([["written ne\n"], ["written tw"]]);
  });

  it("keeps how the whole value came there", () => {
    const files = {
      "compose.yaml": service("    environment: &e {DSN: pg://h}")
        .replace("image: a", "image: a\n    <<: *x")
        .replace("services:", "x-a: &x {hostname: host.name}\nservices:"),
      "compose.override.yaml": "services:\n  a:\n    environment: {DSN: pg://other}\n",
    };
    expect(places(files, ["services", "a", "hostname"], "name")).toEqual([["written name", "merge-key *x"]]);
    expect(places(files, dsn, "other")).toEqual([["override other"]]);
  });

  it("is found where a variable is only named, in short ports, mounts and paths", () => {
    const files = {
      "compose.yaml": service(
        "    environment: [DSN]",
        "    ports: ['127.0.0.1:8080:80']",
        "    volumes: ['./dags/:/opt/dags:ro', 'data:/d']",
        "volumes: {data: {}}",
      ),
      ".env": "DSN=pg://h\n",
    };
    expect(places(files, dsn, "h")).toEqual([["dotenv h"]]);
    expect(places(files, ["services", "a", "ports", 0, "published"], "8080")).toEqual([["written 8080"]]);
    expect(places(files, ["services", "a", "ports", 0, "host_ip"], "127")).toEqual([["written 127"]]);
    expect(places(files, ["services", "a", "volumes", 0, "source"], "dags")).toEqual([["written dags"]]);
    expect(places(files, ["services", "a", "volumes", 0, "target"], "dags")).toEqual([["written dags"]]);
    expect(places(files, ["services", "a", "volumes", 1, "source"], "data")).toEqual([["written data"]]);
  });

  it("is the whole place of a value that is no text", () => {
    const project = load({ "compose.yaml": service("    environment: {DSN: 0x10}") });
    expect(project.origins.slice(dsn, 0, 2)).toEqual([
      {
        start: 0,
        end: 2,
        origin: expect.objectContaining({ chain: [expect.objectContaining({ step: "written" })] }) as unknown,
      },
    ]);
    expect(project.origins.slice(["services", "nobody"], 0, 1)).toEqual([]);
  });
});

describe("the key of a value", () => {
  const files = {
    "compose.yaml": service("    environment: [A=1, 'B=2', C]", "    depends_on: ['d']", "  d: {image: d}"),
    "compose.override.yaml": "services:\n  a:\n    image: b\n    env_file: e.env\n",
    "e.env": "export FROM=file\n",
    ".env": "C=c\n",
  };
  const project = load(files);
  it.each([
    [["services", "a"], "a", "compose.override.yaml"],
    [["services", "a", "image"], "image", "compose.override.yaml"],
    [["services", "a", "environment", "A"], "A", "compose.yaml"],
    [["services", "a", "environment", "B"], "B", "compose.yaml"],
    [["services", "a", "environment", "C"], "C", "compose.yaml"],
    [["services", "a", "environment", "FROM"], "FROM", "e.env"],
    [["services", "a", "depends_on", "d"], "d", "compose.yaml"],
  ])("%j is %s in %s", (path, key, file) => {
    const span = project.origins.keyAt(path);
    expect(span && [textAt(files, span), span.file]).toEqual([key, `/p/${file}`]);
  });
});

const bits = ["a", "bc", " ", "  ", "ü", "😀", "#", ":", "=", "/", "@", "$$", "${V}", "${D:-x y}", "{", "0"];
const quotedBits: Readonly<Record<string, readonly string[]>> = {
  plain: ["\n        ", "\n\n        "],
  single: ["''", '"', "\\", "\n        ", " \r\n\r\n        "],
  double: ['\\"', "'", "\\\\", "\\n", "\\u00e9", "\\x41", "\\U0001F600", "\\\n        ", "\n        "],
  literal: ["'", '"', "\\", "\n        ", "\n          ", "\n\n        ", "\t"],
  folded: ["'", "\\", "\n        ", "\n          ", "\n\n        ", "\n        \t"],
};

function generateValue(random: SeededRandom, style: string): string {
  const choices = [...bits, ...(quotedBits[style] ?? [])];
  let body = random.pick(["a", "ü", "Z"]);
  for (let count = random.below(9); count > 0; count--) body += random.pick(choices);
  body += "z";
  if (style === "single") return `'${body}'`;
  if (style === "double") return `"${body}"`;
  if (style === "literal") return `|${random.pick(["", "-", "+"])}\n        ${body}`;
  if (style === "folded") return `>${random.pick(["", "-", "+"])}\n        ${body}`;
  return body.replaceAll(" #", "#").replaceAll(": ", ":").replaceAll(":\n", "\n");
}

/** What the characters at a place stand for. */
function reread(written: string): string {
  if (written === "''") return "'";
  if (written === "$$" || written === "\\$") return "$";
  if (/^[ \t]*\r?\n\s*$/.test(written)) return "break";
  return written.startsWith("\\") && written.length > 1 ? String(parse(`"${written}"`)) : written;
}

it("every character of generated values stands where its slice says", () => {
  const random = seededRandom(1);
  let characters = 0;
  for (let round = 0; round < 600; round++) {
    const style = random.pick(Object.keys(quotedBits));
    const written = generateValue(random, style);
    const inList = style === "single" ? `      - 'V=${written.slice(1)}` : `      V: ${written}`;
    const env = random.pick(["V=val\n", "\uFEFFV='v\"l'\r\n", 'export V="v\\"\\$l\\tü"\n', "V: vé # c\n"]);
    const end = random.pick(["\n", "\r\n"]);
    const files = { "compose.yaml": `# é${end}${service("    environment:", inList)}`, ".env": env };
    const { project, faults } = loadOutcome(request, memorySources(files));
    // Some of what is generated is no YAML.
    if (project === undefined || faults.length > 0) continue;
    const value = project.services["a"]?.environment["V"] ?? "";
    let at = 0;
    for (const character of value) {
      const pieces = project.origins.slice(["services", "a", "environment", "V"], at, at + character.length);
      at += character.length;
      const span = pieces[0]?.origin.chain[0]?.span;
      if (pieces.length !== 1 || span === undefined)
        throw new Error(`no place for ${JSON.stringify([character, files])}`);
      const read = reread(textAt(files, span));
      if (read !== character && !(read === "break" && /[ \n]/.test(character)))
        throw new Error(JSON.stringify({ character, at, place: textAt(files, span), files, value }));
      characters++;
    }
    const whole = project.origins.slice(["services", "a", "environment", "V"], 0, value.length);
    expect(whole.map((piece) => value.slice(piece.start, piece.end)).join("")).toBe(value);
  }
  expect(characters).toBeGreaterThan(3_000);
});
