import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { quoteWord } from "./quote-word.ts";

it("leaves a plain word as it is", () => {
  expect(quoteWord("/srv/my-project_1/compose.yaml")).toBe("/srv/my-project_1/compose.yaml");
});

it.each(["", "my logs", "it's", "$HOME", "a;b", "`x`", '"', "\\", "~", "line\nbreak"])(
  "gives %j so that a shell reads it back",
  (word) => {
    const printed = execFileSync("/bin/sh", ["-c", `printf %s ${quoteWord(word)}`], { encoding: "utf8" });
    expect(printed).toBe(word);
  },
);
