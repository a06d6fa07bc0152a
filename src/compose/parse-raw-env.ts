import type { Dotenv, DotenvEntry } from "./parse-dotenv.ts";

/**
 * Parses an env file with `format: raw`, as `docker run --env-file` reads it: `K=v` to the end of the line with nothing
 * quoted or expanded, a bare `K` inherits, `#` starts a comment line. Source: docker/cli pkg/kvfile.
 */
export function parseRawEnv(text: string, lookup: (name: string) => string | undefined): Dotenv {
  const entries: DotenvEntry[] = [];
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  for (const rawLine of text.slice(at).split("\n")) {
    const line = rawLine.endsWith("\r") ? rawLine.slice(0, -1) : rawLine;
    const trimmed = line.trimStart();
    const start = at + line.length - trimmed.length;
    at += rawLine.length + 1;
    if (trimmed === "" || trimmed.startsWith("#")) continue;
    const split = trimmed.indexOf("=");
    const key = split === -1 ? trimmed : trimmed.slice(0, split);
    if (key === "") return { entries, fault: { message: "a line without a variable name", at: start } };
    if (/\s/.test(key)) return { entries, fault: { message: "a variable name holds a space", at: start } };
    const value = split === -1 ? lookup(key) : trimmed.slice(split + 1);
    const end = start + trimmed.length;
    const valueStart = split === -1 ? end : start + split + 1;
    if (value !== undefined) entries.push({ key, value, start, end, valueStart, uses: [] });
  }
  return { entries, fault: undefined };
}
