import { describe, expect, it } from "vitest";
import { renderDiff } from "./render-diff.ts";

const look = { colour: false, unicode: true, width: 80 };
const place = (file: string) => file.replace("/p/", "");

/** The diff of putting `text` at the end of a file. */
function appended(file: string, before: string | undefined, text: string, secrets: readonly string[] = []): string {
  const end = Buffer.byteLength(before ?? "");
  const texts = new Map(before === undefined ? [] : [[file, before]]);
  return renderDiff([{ file, start: end, end, text }], { texts, place, secrets, look }).join("\n");
}

describe("renderDiff", () => {
  it("is a unified diff, a part for each file", () => {
    const edits = [
      { file: "/p/compose.yaml", start: 13, end: 14, text: "c" },
      { file: "/p/.env", start: 0, end: 0, text: "A=1\n" },
    ];
    const texts = new Map([["/p/compose.yaml", "one: a\n\ntwo: b"]]);
    expect(renderDiff(edits, { texts, place, secrets: [], look })).toEqual([
      "--- compose.yaml",
      "+++ compose.yaml",
      "@@ -1,3 +1,3 @@",
      " one: a",
      " ",
      "-two: b",
      "\\ No newline at end of file",
      "+two: c",
      "\\ No newline at end of file",
      "--- /dev/null",
      "+++ .env",
      "@@ -0,0 +1,1 @@",
      "+A=***",
    ]);
  });

  it("shows no value of an env file, old or new, on whichever line of it", () => {
    const before = '# why\nexport USER=hunter2\nKEY: "hunter2\nhunter2 more"\n';
    for (const file of ["/p/.env", "/p/.env.local", "/p/db.env"]) {
      expect(appended(file, before, "NEW=hunter2\n")).not.toContain("hunter2");
    }
    expect(appended("/p/.env", "# why\nA=1\n", "B=2\n")).toContain(" # why\n A=***\n+B=***");
  });

  it("masks what was generated and what looks like a secret elsewhere", () => {
    const before = "DSN: pg://u:hunter2@h/d\n";
    const shown = appended("/p/compose.yaml", before, "PASSWORD: hunter2\nname: generated1\n", ["generated1"]);
    expect(shown).toContain(" DSN: pg://u:***@h/d\n+PASSWORD: ***\n+name: ***");
  });

  it("shows control characters as what they are not", () => {
    expect(appended("/p/compose.yaml", "", "a: \u001B[2Jb\tc\n")).toContain("+a: \uFFFD[2Jb\tc");
  });
});
