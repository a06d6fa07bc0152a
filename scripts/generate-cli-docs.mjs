// Writes docs/cli.md from the command objects and the error codes into docs/schema/; --check only compares.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { importTypeScript, loadCommands } from "./load-commands.mjs";
import { formatted, writeGenerated } from "./write-generated.mjs";

const DOCS = "docs/cli.md";
const COMMON = "docs/schema/common.schema.json";

const absolute = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

const { renderCliDocs } = await importTypeScript(absolute("src/cli/render/cli-docs.ts"));
const commands = (await loadCommands()).map(({ command }) => command);
await writeGenerated(DOCS, formatted(DOCS, renderCliDocs(commands)));

const errors = await readFile(absolute("src/core/tool-error.ts"), "utf8");
const common = JSON.parse(await readFile(absolute(COMMON), "utf8"));
common.$defs.error.properties.code.enum = [
  ...[...errors.matchAll(/^ {2}\| "([A-Z_]+)"/gm)].map(([, code]) => code),
  "INTERNAL",
];
await writeGenerated(COMMON, formatted(COMMON, JSON.stringify(common)));
