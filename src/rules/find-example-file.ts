import { dirname, join } from "node:path";
import type { Sources } from "../ports/sources.ts";

const exampleWord = /[._-]?(?:examples?|sample|template|tmpl|dist|defaults?)(?=[._-]|$)/gi;

/**
 * The committed example of an env file that is missing: `.env.example`, `env.sample`, `example.airflow.env` beside it.
 * Undefined when there is none, or more than one.
 */
export function findExampleFile(
  path: string,
  sources: Sources,
): { readonly path: string; readonly text: string } | undefined {
  const directory = dirname(path);
  const wanted = plainName(path.slice(directory.length + 1));
  const examples = sources
    .list(directory)
    .filter((name) => name.replace(exampleWord, "") !== name && plainName(name.replace(exampleWord, "")) === wanted);
  const [name] = examples;
  if (name === undefined || examples.length > 1) return undefined;
  const read = sources.read(join(directory, name));
  return read.kind === "file" ? { path: read.path, text: new TextDecoder().decode(read.bytes) } : undefined;
}

function plainName(name: string): string {
  return name.replace(/^[._-]+/, "");
}
