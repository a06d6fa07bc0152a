import { readFile } from "node:fs/promises";
import { releaseRow } from "./encode-releases.mjs";

/** Where a product's facts are written. */
export function writtenFile(product) {
  return new URL(`../../src/catalog/${product.name}/versions.gen.ts`, import.meta.url);
}

/** The TypeScript module that holds the compact form; JSON modules need other syntax on every Node we support. */
export function renderModule(product, text) {
  const literal = text.replaceAll(/[\\`]|\$\{/g, (found) => `\\${found}`);
  return [
    "// Written by scripts/generate-versions.mjs from the released wheels; release-table.ts tells the form.",
    `export const ${product.name}VersionsText = \`${literal}\`;`,
    "",
  ].join("\n");
}

/** The written releases by version, each as `releaseRow` gives it. */
export async function readWritten(product) {
  const module = await readFile(writtenFile(product), "utf8");
  const literal = module.slice(module.indexOf("`") + 1, module.lastIndexOf("`"));
  const { revisions, chains, releases } = JSON.parse(literal.replaceAll(/\\([\\`$])/g, "$1"));
  const expand = (runs) => {
    const rows = [];
    for (let at = 0; at < runs.length; at += 2) rows.push(...revisions.slice(runs[at], runs[at + 1] + 1));
    return rows;
  };
  return new Map(
    releases.map(([version, releasedOn, pythons, ...numbers]) => [
      version,
      releaseRow(
        version,
        releasedOn,
        pythons,
        numbers.map((number) => expand(chains[number])),
      ),
    ]),
  );
}
