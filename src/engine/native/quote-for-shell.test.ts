import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { quoteForShell } from "./quote-for-shell.ts";

const strange = `/tmp/a b/it's "q" $HOME \`x\` \\n/数据`;

describe("quoteForShell", () => {
  it.each([
    ["outside quotes", "printf %s ", ""],
    ["in double quotes", 'printf %s "', '"'],
    ["in single quotes", "printf %s '", "'"],
    ["after closed quotes", `true 'a"b' "c'd" \\" && printf %s `, ""],
  ])("keeps a strange path one word %s", (_, before, after) => {
    const script = before + quoteForShell(strange, before) + after;
    expect(execFileSync("/bin/sh", ["-c", script], { encoding: "utf8" })).toBe(strange);
  });

  it("leaves an ordinary path as it is", () => {
    expect(quoteForShell("/var/lib/bulkhead/volumes/x_data-1", "ls ")).toBe("/var/lib/bulkhead/volumes/x_data-1");
  });
});
