import { describe, expect, it } from "vitest";
import { parseDotenv } from "./parse-dotenv.ts";
import { parseRawEnv } from "./parse-raw-env.ts";

const shell = new Map([["SHELL_VAR", "shell"]]);

function valuesOf(text: string): Record<string, string> {
  const parsed = parseDotenv(text, (name) => shell.get(name));
  expect(parsed.fault).toBeUndefined();
  return Object.fromEntries(parsed.entries.map((entry) => [entry.key, entry.value]));
}

describe("parseDotenv", () => {
  it.each<[string, string, Record<string, string>]>([
    ["plain", "A=1\nB = two words  \n", { A: "1", B: "two words" }],
    ["export and YAML style", "export A=1\nB: 2\n", { A: "1", B: "2" }],
    ["comments after a space only", "# c\nA=1 # c\nB=a#b\n", { A: "1", B: "a#b" }],
    ["single quotes literal", "A='$SHELL_VAR \\n \"x\"'\n", { A: '$SHELL_VAR \\n "x"' }],
    ["double quotes with escapes", 'A="t\\t$SHELL_VAR \\"q\\" \\\\ \\0101"\n', { A: 't\tshell "q" \\ A' }],
    ["values over lines", 'A="one\ntwo"\nB=3\n', { A: "one\ntwo", B: "3" }],
    ["escaped dollars", 'A="\\$X"\nB=$$X\n', { A: "$X", B: "$X" }],
    ["references backwards", "A=1\nB=${A}${LATER:-none}\nLATER=2\n", { A: "1", B: "1none", LATER: "2" }],
    ["inherited names", "SHELL_VAR\nUNKNOWN\nA=1\n", { SHELL_VAR: "shell", A: "1" }],
    ["a byte order mark and CRLF", '\uFEFFA=1\r\nB="2"\r\n', { A: "1", B: "2" }],
  ])("reads %s", (_, text, values) => {
    expect(valuesOf(text)).toEqual(values);
  });

  it("lets the shell win in references", () => {
    expect(valuesOf("SHELL_VAR=file\nA=$SHELL_VAR\n")["A"]).toBe("shell");
  });

  it("tells where an assignment stands", () => {
    expect(parseDotenv("\nexport A='x'\n", () => undefined).entries[0]).toMatchObject({ start: 8, end: 13 });
  });

  it.each([
    ["A B=1\n", 0],
    ["A=1\n%B=2\n", 4],
    ['A="open\n', 2],
    ["A=1\nB=${1}\n", 6],
  ])("refuses %j at its place", (text, at) => {
    expect(parseDotenv(text, () => undefined).fault?.at).toBe(at);
  });

  it("names no value in a fault", () => {
    expect(parseDotenv("P='hunter2'\\''\n", () => undefined).fault?.message).not.toContain("hunter2");
    expect(parseDotenv('P="hunter2\n', () => undefined).fault?.message).not.toContain("hunter2");
  });
});

describe("parseRawEnv", () => {
  it("takes lines as they are", () => {
    const parsed = parseRawEnv('# c\nA="q" $X # y\nSHELL_VAR\nNOPE\n', (name) => shell.get(name));
    expect(parsed.entries.map(({ key, value }) => [key, value])).toEqual([
      ["A", '"q" $X # y'],
      ["SHELL_VAR", "shell"],
    ]);
  });
});
