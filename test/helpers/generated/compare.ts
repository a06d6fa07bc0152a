import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { LoadRequest } from "../../../src/compose/load-request.ts";
import { compareConfig } from "../compare-config.ts";
import { startConfigServer, type ConfigServer } from "../compose-oracle.ts";
import { printDraft } from "./draft.ts";
import { generateProject, type ProjectDraft } from "./project.ts";
import { createRandom } from "./random.ts";
import { shrinkProject } from "./shrink.ts";

/** How many generated projects both sides accepted and refused, and the first that they do not agree on, as text. */
export interface Comparison {
  readonly accepted: number;
  readonly refused: number;
  readonly difference: string | undefined;
}

/**
 * Generates projects and compares what we print of each with what Compose prints, until one differs. That one is made as
 * small as it can be and told with the seed that makes it again.
 *
 * @param oracle the directory of Docker Compose (`requireOracle`)
 * @param directory a directory for the projects; does not exist yet
 * @param seed of the first project; the next ones count on from it
 */
export async function compareGenerated(
  oracle: string,
  directory: string,
  seed: number,
  count: number,
): Promise<Comparison> {
  await using server = startConfigServer(oracle);
  const folder = createFolder(directory);
  let accepted = 0;
  for (let at = 0; at < count; at++) {
    const project = generateProject(createRandom(seed + at));
    // Both formats of every project would only say the same twice.
    const format = at % 4 === 0 ? "yaml" : "json";
    const compare = (candidate: ProjectDraft) => compareProject(candidate, server, folder, format);
    const { lines, isAccepted } = await compare(project);
    if (isAccepted) accepted += 1;
    if (lines.length === 0) continue;
    const smallest = await shrinkProject(project, async (candidate) => {
      const found = await compare(candidate);
      return found.lines.length > 0 && kindOf(found.lines) === kindOf(lines);
    });
    const found = await compare(smallest);
    return { accepted, refused: at + 1 - accepted, difference: describe(seed + at, smallest, found.lines) };
  }
  return { accepted, refused: count - accepted, difference: undefined };
}

/** A shrunk project must fail in the way of the whole one, else it may be refused for want of what was taken away. */
function kindOf(lines: readonly string[]): string {
  const [first = ""] = lines;
  return /^(?:only we refuse|only Compose refuses|we fail)/.exec(first)?.[0] ?? "";
}

async function compareProject(project: ProjectDraft, server: ConfigServer, folder: Folder, format: "json" | "yaml") {
  const request = requestOf(project, folder);
  const theirs = await server.config(request, format);
  return { lines: compareConfig(request, theirs, format), isAccepted: "output" in theirs };
}

function requestOf(project: ProjectDraft, folder: Folder): LoadRequest {
  folder.write(new Map(texts(project)));
  const cwd = join(folder.path, project.request.cwd);
  return { ...project.request, cwd, env: { HOME: "/home/someone", PWD: cwd, ...project.request.env } };
}

interface Folder {
  readonly path: string;
  /** Makes these its files: writes what changed, removes what is gone. */
  write(files: ReadonlyMap<string, string>): void;
}

function createFolder(path: string): Folder {
  let known: ReadonlyMap<string, string> = new Map();
  mkdirSync(join(path, "nested"), { recursive: true });
  return {
    path,
    write(files) {
      for (const name of known.keys()) if (!files.has(name)) rmSync(join(path, name));
      for (const [name, text] of files) {
        if (known.get(name) === text) continue;
        mkdirSync(dirname(join(path, name)), { recursive: true });
        writeFileSync(join(path, name), text);
      }
      known = files;
    },
  };
}

function texts(project: ProjectDraft): readonly (readonly [string, string])[] {
  return [
    ...Object.entries(project.documents).map(([name, drafts]) => [name, drafts.map(printDraft).join("---\n")] as const),
    ...Object.entries(project.lines).map(([name, lines]) => [name, lines.map((line) => `${line}\n`).join("")] as const),
  ];
}

function describe(seed: number, project: ProjectDraft, lines: readonly string[]): string {
  const files = texts(project).map(([name, text]) => `--- ${name}\n${text}`);
  return [`seed ${seed}`, ...lines, JSON.stringify(project.request), ...files].join("\n");
}
