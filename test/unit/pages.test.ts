import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { findCommand } from "../../src/cli/find-command.ts";
import { parseCommand, parseHead } from "../../src/cli/parse-command-line.ts";
import { COMMANDS } from "../../src/cli/registry.gen.ts";
import { RULES } from "../../src/rules/registry.gen.ts";
import { listTracked } from "../helpers/list-tracked.ts";
import { repositoryPath } from "../helpers/source-files.ts";

/** Pages for people, by their paths in the repository. */
const pages = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  ...["docs", "examples", "test"].flatMap((folder) =>
    readdirSync(repositoryPath(folder), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".md") && !path.startsWith("fixtures/"))
      .map((path) => join(folder, path)),
  ),
];

const files = listTracked();

/** Command lines of a page: in its code, up to what a shell would take for itself. */
function findLines(text: string): readonly string[] {
  const code = [
    ...[...text.matchAll(/(?<!`)`([^`\n]+)`(?!`)/g)].map((match) => match[1] ?? ""),
    ...[...text.matchAll(/^ {4,}(.*)$/gm)].map((match) => match[1] ?? ""),
    ...[...text.matchAll(/^```\w*\n([^]*?)^```$/gm)].flatMap((match) => (match[1] ?? "").split("\n")),
  ];
  return code.flatMap((line) =>
    line
      .split(/ +# | && | \| |[;>]| \.\.\./)
      .map((part) => part.trim().replace(/^\$ /, ""))
      .filter((part) => /^bulkhead( |$)/.test(part)),
  );
}

/** As the command line would: throws for an unknown command or flag, a wrong value, an argument too many or too few. */
async function understand(line: string): Promise<void> {
  const words = line.replace(" [OPTIONS]", "").replaceAll(/[[\]]/g, "").split(/\s+/).slice(1);
  const head = parseHead(words);
  if (head.name === undefined || head.name === "help") return;
  const named = findCommand(head.name, head, COMMANDS);
  if ("group" in named) return;
  const { flags } = parseCommand(named.head, await named.entry.load()).parsed;
  if (named.entry.name !== "check") return;
  for (const rule of [flags["rules"], flags["ignored"], flags["explain"]].flat()) {
    if (typeof rule === "string" && /[a-z]/.test(rule) && !RULES.some(({ id }) => id === rule))
      throw new Error(`there is no rule ${rule}`);
  }
}

describe("pages", () => {
  it.each(pages)("%s prints only command lines that the command takes", async (page) => {
    const wrong: string[] = [];
    for (const line of findLines(readFileSync(repositoryPath(page), "utf8"))) {
      await understand(line).catch((error: unknown) => wrong.push(`${line}: ${String(error)}`));
    }
    expect(wrong).toEqual([]);
  });

  it.each(pages)("%s leads only to files that are there", (page) => {
    const text = readFileSync(repositoryPath(page), "utf8");
    const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map((match) => match[1] ?? "");
    expect(targets.filter((target) => !existsSync(repositoryPath(join(dirname(page), target))))).toEqual([]);
  });

  it.each(pages)("%s names only files of ours that are there", (page) => {
    const text = readFileSync(repositoryPath(page), "utf8");
    const named = [...text.matchAll(/`([a-z][a-z\d_./-]*\.(?:ts|mjs|py|sh))`/g)].map((match) => match[1] ?? "");
    expect(named.filter((name) => !files.some((file) => `/${file}`.endsWith(`/${name}`)))).toEqual([]);
  });

  it("are searched as they are written", async () => {
    const text = "Say `bulkhead ps` or\n\n    $ bulkhead up --wait && bulkhead prove   # both\n";
    expect(findLines(text)).toEqual(["bulkhead ps", "bulkhead up --wait", "bulkhead prove"]);
    await expect(understand("bulkhead up --no-such-flag")).rejects.toThrow("no-such-flag");
    await expect(understand("bulkhead fly")).rejects.toThrow("fly");
    await expect(understand("bulkhead check --rule no-such-rule")).rejects.toThrow("no-such-rule");
  });
});
