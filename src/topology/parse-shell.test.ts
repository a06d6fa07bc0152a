import { describe, expect, it } from "vitest";
import { parseShell } from "./parse-shell.ts";

function words(script: string): string[][] {
  return parseShell(script).map((command) => command.words.map((word) => word.text));
}

describe("parseShell", () => {
  it.each<[string, string[][]]>([
    ["a && b || c; d | e", [["a"], ["b"], ["c"], ["d"], ["e"]]],
    ["echo 'a b' \"c d\" e\\ f", [["echo", "a b", "c d", "e f"]]],
    ["mlflow server \\\n  --port 5000", [["mlflow", "server", "--port", "5000"]]],
    ["first # not this\nsecond", [["first"], ["second"]]],
    ["echo $(a && b) ${X:-y z}", [["echo", "$(a && b)", "${X:-y z}"]]],
    ["webserver & scheduler", [["webserver"], ["scheduler"]]],
    ["run >log 2>&1", [["run", ">log", "2>&1"]]],
    ['printf "%s\\n" "a\\"b"', [["printf", "%s\\n", 'a"b']]],
    ["", []],
  ])("splits %j", (script, expected) => {
    expect(words(script)).toEqual(expected);
  });

  it("keeps assignments before a command apart", () => {
    const [command] = parseShell("A=1 B='2 3' airflow webserver");
    expect(command?.assignments.map((word) => word.text)).toEqual(["A=1", "B=2 3"]);
    expect(command?.words.map((word) => word.text)).toEqual(["airflow", "webserver"]);
  });

  it("gives each word's place, quotes included, so that it can be replaced", () => {
    const script = "mlflow server --host '0.0.0.0' --port=5000";
    const places = parseShell(script).flatMap((command) =>
      command.words.map(({ start, end }) => script.slice(start, end)),
    );
    expect(places).toEqual(["mlflow", "server", "--host", "'0.0.0.0'", "--port=5000"]);
  });

  it("tells what ended a command", () => {
    expect(parseShell("a && b || c\nd").map((command) => command.separator)).toEqual(["&&", "||", "\n", ""]);
  });
});
