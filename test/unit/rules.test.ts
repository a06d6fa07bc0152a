import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { RULES } from "../../src/rules/registry.gen.ts";
import { repositoryPath } from "../helpers/source-files.ts";
import { describeFinding, fixFixture, judgeFixture } from "../helpers/rule-fixture.ts";

/**
 * Every rule has test/fixtures/rules/ID/ with projects `bad`, `bad-*` (the rule fires; findings.txt records all that
 * check says), `fine`, `fine-*` (unusual, and the rule is silent), and where it has a fix `fixed`, `fixed-*`: what `bad`,
 * `bad-*` become, byte for byte, `bad-same-server` with that flag. Recorded with `npx vitest run --project unit test/unit/rules.test.ts -u`.
 */
const fixtures = repositoryPath("test/fixtures/rules");

/** `fixed-two` is what `bad-two` becomes; it holds the files that change. */
const badOf = (directory: string): string => join(dirname(directory), basename(directory).replace(/^fixed/, "bad"));

const directories = (id: string, kind: string): string[] =>
  (existsSync(join(fixtures, id)) ? readdirSync(join(fixtures, id)) : [])
    .filter((name) => name === kind || name.startsWith(`${kind}-`))
    .map((name) => join(fixtures, id, name));

describe.each(RULES.map((rule) => ({ rule, id: rule.id })))("$id", ({ rule, id }) => {
  it("stands in its group's folder and has a page and fixtures", () => {
    expect(existsSync(repositoryPath(`src/rules/${rule.group}/${id}.ts`))).toBe(true);
    expect(directories(id, "bad")).not.toEqual([]);
    expect(directories(id, "fine")).not.toEqual([]);
    const page = readFileSync(repositoryPath(`docs/rules/${id}.md`), "utf8");
    expect(page.split("\n").filter((line) => line.startsWith("#"))).toEqual([
      `# ${id}`,
      "## What is wrong",
      "## Why it matters",
      "## What to do",
    ]);
  });

  it.each(directories(id, "bad"))("fires in %s", async (directory) => {
    const findings = judgeFixture(directory);
    expect(findings.map((finding) => finding.rule)).toContain(id);
    // One style: facts without a full stop.
    expect(findings.flatMap(({ message, notes }) => [message, ...notes]).filter((text) => text.endsWith("."))).toEqual(
      [],
    );
    const text = findings.map((finding) => describeFinding(finding, directory)).join("\n");
    await expect(text).toMatchFileSnapshot(join(directory, "findings.txt"));
  });

  it.each(directories(id, "fine"))("is silent in %s", (directory) => {
    const found = judgeFixture(directory).filter((finding) => finding.rule === id);
    expect(found.map((finding) => describeFinding(finding, directory))).toEqual([]);
  });

  const repaired = directories(id, "fixed").map((directory) => ({ directory, bad: badOf(directory) }));
  it("has a fixture for its fix", () => expect(repaired.length > 0).toBe(rule.fix !== undefined));

  it.each(repaired)("repairs $bad", async ({ directory, bad }) => {
    const { files, fixed, refused, after } = fixFixture(bad, id);
    expect(refused).toEqual([]);
    expect([...new Set(fixed.map(({ fix }) => fix.class))].every((one) => one === rule.fix || one === "safe")).toBe(
      true,
    );
    expect(after.judgements.filter((judgement) => judgement.rule.id === id)).toEqual([]);
    for (const { file, bytes } of files) {
      await expect(bytes.toString("utf8")).toMatchFileSnapshot(join(directory, relative(bad, file)));
    }
    expect(
      readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()),
    ).toHaveLength(files.length);
  });
});
