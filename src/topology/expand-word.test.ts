import { describe, expect, it } from "vitest";
import { expandText, expandWord, type ShellScope } from "./expand-word.ts";
import { parseShell } from "./parse-shell.ts";
import { traceValue } from "./traced-text.ts";

function scopeOf(
  script: string,
  variables: Readonly<Record<string, string>>,
  positional: readonly string[] = [],
): ShellScope {
  return {
    script: traceValue(script, ["script"]),
    variables: new Map(
      Object.entries(variables).map(([name, value]) => [name, traceValue(value, ["environment", name])]),
    ),
    positional: positional.map((text, index) => traceValue(text, ["args", index])),
  };
}

function expand(script: string, variables: Readonly<Record<string, string>> = {}, positional: readonly string[] = []) {
  const scope = scopeOf(script, variables, positional);
  return parseShell(script).flatMap((command) => command.words.flatMap((word) => expandWord(word.pieces, scope)));
}

describe("expandWord", () => {
  it.each<[string, Record<string, string>, string[]]>([
    ["run --x=$A", { A: "1" }, ["run", "--x=1"]],
    ["run \"$A\" '$A' \\$A", { A: "1 2" }, ["run", "1 2", "$A", "$A"]],
    ["run $FLAGS", { FLAGS: "--a 1  --b" }, ["run", "--a", "1", "--b"]],
    ["run ${A:-two} ${B-x} ${C:+y}", { B: "", C: "1" }, ["run", "two", "y"]],
    ["run $NONE end", {}, ["run", "end"]],
    ['run "" ""', {}, ["run", "", ""]],
    ['run "${A:-$B}"', { B: "b" }, ["run", "b"]],
  ])("%s", (script, variables, expected) => {
    expect(expand(script, variables).map((word) => word.text)).toEqual(expected);
  });

  it("hands the arguments on, one word each", () => {
    expect(expand('exec "$@"', {}, ["a b", "c"]).map((word) => word.text)).toEqual(["exec", "a b", "c"]);
  });

  it("knows of each piece where it is written", () => {
    const [, url] = expand('run "postgresql://$U:x@h/d"', { U: "user" });
    expect(url?.text).toBe("postgresql://user:x@h/d");
    expect(
      url?.pieces.map(({ start, end, place }) => [
        start,
        end,
        place.kind === "value" ? place.path.join(".") : place.kind,
      ]),
    ).toEqual([
      [0, 13, "script"],
      [13, 17, "environment.U"],
      [17, 23, "script"],
    ]);
    expect(url?.pieces[2]?.place).toMatchObject({ start: 20, end: 26 });
  });

  it("marks what only the container can tell, and what nothing sets", () => {
    const [, secret, unset] = expand('run "$(cat /run/secrets/x)" "a$NONE"');
    expect(secret?.pieces[0]?.place.kind).toBe("computed");
    expect(unset?.pieces.map((piece) => piece.place.kind)).toEqual(["value", "unset"]);
  });

  it("expands here-documents unless their delimiter is quoted", () => {
    const script = "psql <<-EOSQL\n\tCREATE DATABASE $DB;\n\tEOSQL\npsql <<'E'\n$DB\nE\n";
    const scope = scopeOf(script, { DB: "mlflow" });
    expect(parseShell(script).map((command) => expandText(command.hereDocuments[0] ?? [], scope).text)).toEqual([
      "CREATE DATABASE mlflow;\n",
      "$DB\n",
    ]);
  });
});
