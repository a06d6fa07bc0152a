import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { GLOBAL_FLAGS } from "../../src/cli/global-flags.ts";
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

/** Long flags that stand behind a command in a text; what `exec` runs has flags of its own. */
function findFlags(text: string): readonly { readonly command: string; readonly flag: string }[] {
  return [...text.matchAll(/\bbulkhead ((?:db )?[a-z]+)((?:(?!bulkhead |&& |[,.:] |\\n)[^"'`\n|;])*)/g)]
    .filter(([, command]) => command !== "exec")
    .flatMap(([, command = "", rest = ""]) =>
      [...rest.matchAll(/(?<= )--([a-z][a-z-]*)/g)].map(([, flag = ""]) => ({ command, flag })),
    );
}

/** Our own files without their comments. */
function findCode(): readonly { readonly path: string; readonly code: string }[] {
  return readSourceFiles()
    .filter(({ isTest }) => !isTest)
    .map(({ path }) => ({
      path,
      code: readFileSync(repositoryPath(path), "utf8").replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, ""),
    }));
}

describe("messages", () => {
  it("name only commands that exist", () => {
    const known = new Set([...COMMANDS.map(({ name }) => `bulkhead ${name}`), ...Object.keys(noCommands)]);
    const unknown = findCode()
      .flatMap(({ path, code }) => findCommands(code).map((command) => ({ path, command })))
      .filter(({ command }) => !known.has(command));
    expect(unknown).toEqual([]);
  });

  it("name only flags that their command has", async () => {
    const flags = new Map<string, ReadonlySet<string>>();
    for (const { name, load } of COMMANDS) {
      const own = Object.values({ ...GLOBAL_FLAGS, ...(await load()).flags });
      flags.set(name, new Set(own.map(({ long }) => long)));
    }
    const unknown = findCode().flatMap(({ path, code }) =>
      findFlags(code)
        .filter(({ command, flag }) => flags.get(command)?.has(flag) === false)
        .map(({ command, flag }) => `${path}: bulkhead ${command} --${flag}`),
    );
    expect(unknown).toEqual([]);
  });

  it("are searched as they are written", () => {
    expect(findCommands('hint: "Save it with: bulkhead db backup --out x\\nThen: bulkhead down"')).toContain(
      "bulkhead db backup",
    );
    expect(findCommands("`bulkhead logs ${service}`")).toEqual(["bulkhead logs"]);
    expect(findFlags('"Then: bulkhead up --wait && rm --force, or bulkhead exec db psql --csv"')).toEqual([
      { command: "up", flag: "wait" },
    ]);
  });
});
