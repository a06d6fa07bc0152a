import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../src/cli/registry.gen.ts";
import { readSourceFiles, repositoryPath } from "../helpers/source-files.ts";

/** What follows the program's name in a text and is no command, each with its reason. */
const noCommands: Readonly<Record<string, string>> = {
  "bulkhead above": "a defect's message: no package.json of bulkhead above a directory",
  "bulkhead backup": "the first line of an archive: bulkhead backup, format 1",
  "bulkhead has": "bulkhead has no command x",
  "bulkhead inside": "run bulkhead inside WSL2",
  "bulkhead help": "part of every command line",
  "bulkhead db": "lists the commands on databases",
};

/** Command lines in texts: of messages, hints, help and pages. */
function findCommands(text: string): readonly string[] {
  return [...text.matchAll(/(?:["'`\n]|: )[^"'`\n]*?\bbulkhead ((?:db )?[a-z]+)\b/g)].map(
    (match) => `bulkhead ${match[1]}`,
  );
}

describe("messages", () => {
  it("name only commands that exist", () => {
    const known = new Set([...COMMANDS.map(({ name }) => `bulkhead ${name}`), ...Object.keys(noCommands)]);
    const unknown = readSourceFiles()
      .filter(({ isTest }) => !isTest)
      .flatMap(({ path }) => {
        const code = readFileSync(repositoryPath(path), "utf8").replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
        return findCommands(code).map((command) => ({ path, command }));
      })
      .filter(({ command }) => !known.has(command));
    expect(unknown).toEqual([]);
  });

  it("are searched as they are written", () => {
    expect(findCommands('hint: "Save it with: bulkhead db backup --out x\\nThen: bulkhead down"')).toContain(
      "bulkhead db backup",
    );
    expect(findCommands("`bulkhead logs ${service}`")).toEqual(["bulkhead logs"]);
  });
});
