import { describe, expect, it } from "vitest";
import type { Label } from "../../../core/finding.ts";
import { createSourceText } from "../../../compose/source-text.ts";
import { PLAIN_LOOK } from "../look.ts";
import { renderFrames } from "./frame.ts";

function frames(text: string, marked: readonly (readonly [string, string])[], width = Infinity): string {
  const source = createSourceText("/p/compose.yaml", text);
  const labels = marked.map(([token, label]): Label => {
    const start = text.indexOf(token);
    return { span: source.span(start, start + token.length), text: label };
  });
  const texts = new Map([["/p/compose.yaml", text]]);
  return renderFrames(labels, {
    texts,
    place: (file) => file.slice(3),
    style: "red",
    look: { ...PLAIN_LOOK, width },
  }).join("\n");
}

describe("renderFrames", () => {
  it("underlines just the token, wide characters counted", () => {
    expect(frames("# 한글\ndb: {x: 데이터, host: postgress}\n", [["postgress", "no service has this name"]])).toBe(
      [
        "  ╭─ compose.yaml:2:20",
        "2 │ db: {x: 데이터, host: postgress}",
        "  │                       ^^^^^^^^^ no service has this name",
      ].join("\n"),
    );
  });

  it("shows of a very long line what is around the mark, where no terminal limits it", () => {
    const [, line = "", mark = ""] = frames(`{a: "${"x".repeat(100_000)}", image: b, c: "${"y".repeat(100_000)}"}`, [
      ["b,", "no tag"],
    ]).split("\n");
    expect(line).toMatch(/^1 │ …x+", image: b, c: "y+…$/);
    expect(line.length).toBeLessThan(410);
    expect(line.indexOf("b,")).toBe(mark.indexOf("^"));
  });

  it("masks a password and keeps the mark under its token", () => {
    expect(
      frames("  CONN: postgresql://airflow:s3cr3t-long@airflow:5432/db\n", [["airflow:5432", "not a database"]]),
    ).toBe(
      [
        "  ╭─ compose.yaml:1:42",
        "1 │   CONN: postgresql://airflow:***@airflow:5432/db",
        "  │                                  ^^^^^^^^^^^^ not a database",
      ].join("\n"),
    );
  });

  it("shows a secret itself as stars, never its length", () => {
    const shown = frames("  POSTGRES_PASSWORD: hunter2hunter2\n", [["hunter2hunter2", "changed"]]);
    expect(shown).toContain("  │                      ^^^ changed");
    expect(shown).not.toContain("hunter");
  });

  it("shows a line once for several labels and a file once for several lines", () => {
    expect(
      frames("a: b\nc: d\n", [
        ["a", "first"],
        ["b", "second"],
        ["c", "third"],
      ]),
    ).toBe(
      ["  ╭─ compose.yaml:1:1", "1 │ a: b", "  │ ^ first", "  │    - second", "2 │ c: d", "  │ - third"].join("\n"),
    );
  });

  it("cuts a long line around its token", () => {
    const text = `${"x".repeat(100)} token ${"y".repeat(100)}\n`;
    const shown = frames(text, [["token", "here"]], 40);
    expect(shown.split("\n").every((line) => line.length <= 40)).toBe(true);
    expect(shown.split("\n")[1]).toMatch(/…x+ token y+…$/);
    const [, source = "", mark = ""] = shown.split("\n");
    expect(source.slice(mark.indexOf("^"), mark.lastIndexOf("^") + 1)).toBe("token");
  });
});
