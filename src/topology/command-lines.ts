import { parseShell } from "./parse-shell.ts";

/** The simple commands an argv runs: itself, or the parts of its `sh -c` script, `exec` and `env` taken off. */
export function commandLines(argv: readonly string[]): readonly (readonly string[])[] {
  const flag = argv.findIndex((word) => /^-\w*c$/.test(word));
  const isShell = /(^|\/)(ba|da|z)?sh$/.test(argv[0] ?? "");
  const script = isShell && flag > 0 ? argv[flag + 1] : undefined;
  if (script === undefined) return [argv];
  return parseShell(script).map((command) => {
    const words = command.words.map((word) => word.text);
    return words[0] === "exec" || words[0] === "env" ? words.slice(1) : words;
  });
}
