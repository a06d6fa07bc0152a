import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

import { collectText, NO_PROJECT } from "../../test/helpers/read-log-text.ts";
import { judgeSighting } from "./judge-sighting.ts";
import { SIGNATURES } from "./registry.gen.ts";
import type { Signature } from "./signature.ts";

async function recognised(text: string, { id, kind }: Signature): Promise<boolean> {
  const collected = await collectText(`${text}\n`);
  const own = collected.sightings.filter(({ signature }) => signature === id);
  if (kind === "fact") return own.length > 0;
  const signature = SIGNATURES.find((one) => one.id === id) as Signature;
  return own.some((sighting) => judgeSighting(sighting, signature, collected, NO_PROJECT) !== undefined);
}

describe.each(SIGNATURES.map((signature) => [signature.id, signature] as const))("%s", (_, signature) => {
  it.each(signature.examples)("knows %s", async (example) => {
    expect(await recognised(example, signature)).toBe(true);
  });

  it.each(signature.lookalikes)("leaves %s alone", async (line) => {
    expect(await recognised(line, signature)).toBe(false);
  });

  it("has words long enough to search for, and one in each example", () => {
    expect(signature.marks.filter((mark) => mark.length < 6 || /[^\x20-\x7e]/.test(mark))).toEqual([]);
  });

  it("tells only names that its lines or the stack give", () => {
    const given = new Set(["service", "server", "superuser", "product", ...ownNames(signature)]);
    const used = [signature.what, signature.why, ...signature.cure.flatMap(({ say, run = "" }) => [say, run])].flatMap(
      (text) => [...text.matchAll(/\{(\w+)[|}]/g)].map(([, name]) => name ?? ""),
    );
    expect(used.filter((name) => !given.has(name))).toEqual([]);
  });
});

describe("SIGNATURES", () => {
  it("have an id each, and name only others that exist", () => {
    const ids = SIGNATURES.map(({ id }) => id);
    const known = new Set<string>(["down", ...ids, ...SIGNATURES.map(({ group }) => group)]);
    expect(new Set(ids).size).toBe(ids.length);
    const named = SIGNATURES.flatMap(({ follows = [], endsWith = [] }) => [...follows, ...endsWith]);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });

  it("send the reader to rules that exist", () => {
    const registry = readFileSync(new URL("../rules/registry.gen.ts", import.meta.url), "utf8");
    const rules = SIGNATURES.flatMap(({ cure }) =>
      cure.flatMap(({ run = "" }) => [...run.matchAll(/--rule (\S+)/g)].map(([, rule]) => rule)),
    );
    expect(rules.filter((rule) => !registry.includes(`/${rule}.ts"`))).toEqual([]);
  });
});

/** Groups of its patterns, and what its judge adds: the words before a colon in its `names`. */
function ownNames({ patterns, judge }: Signature): string[] {
  const groups = patterns.flatMap(({ source }) => [...source.matchAll(/\(\?<(\w+)>/g)].map(([, name]) => name ?? ""));
  const judged = [...String(judge ?? "").matchAll(/(\w+):/g)].map(([, name]) => name ?? "");
  return [...groups, ...judged];
}
