// Writes docs/cli.md from the command objects; --check only compares.
import { importTypeScript, loadCommands } from "./load-commands.mjs";
import { formatted, writeGenerated } from "./write-generated.mjs";
import { fileURLToPath } from "node:url";

const PATH = "docs/cli.md";

const source = (path) => importTypeScript(fileURLToPath(new URL(`../src/cli/${path}`, import.meta.url)));
const { renderCliDocs } = await source("render/cli-docs.ts");
const commands = (await loadCommands()).map(({ command }) => command);
await writeGenerated(PATH, formatted(PATH, renderCliDocs(commands)));
