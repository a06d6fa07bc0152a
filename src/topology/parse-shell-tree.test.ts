import { describe, expect, it } from "vitest";
import { parseShellTree, type ShellNode } from "./parse-shell-tree.ts";

function show(nodes: readonly ShellNode[]): string {
  return nodes
    .map((node): string => {
      switch (node.kind) {
        case "simple":
          return [...node.assignments, ...node.words].map((word) => word.text).join(" ");
        case "group":
          return `{${show(node.body)}}`;
        case "if":
          return `if(${node.branches.map((one) => `${show(one.test)}?${show(one.body)}`).join("|")}:${show(node.otherwise)})`;
        case "while":
          return `while(${show(node.test)})(${show(node.body)})`;
        case "for":
          return `for(${node.variable}:${node.items.map((word) => word.text).join(",")})(${show(node.body)})`;
        case "case":
          return `case(${show(node.body)})`;
        case "function":
          return `${node.name}()=${show(node.body)}`;
      }
    })
    .join("; ");
}

describe("parseShellTree", () => {
  it.each([
    ["if [ -n x ]; then a; b\nelif c; then d; else e; fi; f", "if([ -n x ]?a; b|c?d:e); f"],
    [
      "until pg_isready -h db; do sleep 1; done && airflow db migrate",
      "while(pg_isready -h db)(sleep 1); airflow db migrate",
    ],
    ["for db in a $(b c); do\n  make $db\ndone", "for(db:a,$(b c))(make $db)"],
    ["make() {\n  local x=$1\n  psql\n}\nmake a", "make()={local x=$1; psql}; make a"],
    ["function make { psql; }; make a", "make()={psql}; make a"],
    ["(a; b) & c", "{a; b}; c"],
    ['case "$1" in\n webserver) a; b ;;\n x|y) c;;\nesac\nd', "case(a; b; c); d"],
    ["A=1 exec mlflow server", "A=1 exec mlflow server"],
    ["! nc -z db 5432", "nc -z db 5432"],
    ["if a; then", "if(a?:)"],
    ["done; fi; }", "done; fi; }"],
  ])("%j", (script, expected) => {
    expect(show(parseShellTree(script))).toBe(expected);
  });

  it("reads endless nesting flat", () => {
    expect(parseShellTree("{ ".repeat(5000))).toHaveLength(1);
    expect(parseShellTree("if ".repeat(5000))).toHaveLength(1);
  });
});
