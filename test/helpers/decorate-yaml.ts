import type { Random } from "./generated/random.ts";

/**
 * The same YAML as people write it: comments behind values and on lines of their own (`# c1`, `# c2`, ...), empty lines,
 * four columns a step, CRLF, a byte order mark, no last line break. Texts with block scalars get comments between sections
 * only.
 */
export function decorate(random: Random, text: string): string {
  let count = 0;
  const comment = () => `# c${++count}`;
  const hasBlocks = /[|>][-+0-9]*\n/.test(text);
  const lines = text.split("\n").flatMap((line) => {
    const indent = /^ */.exec(line)?.[0] ?? "";
    const isAlone = line !== "" && (indent === "" || !hasBlocks) && !line.startsWith("---");
    const above = isAlone && random.chance(0.1) ? [...(random.chance(0.5) ? [""] : []), `${indent}${comment()}`] : [];
    const takesComment = !hasBlocks && /^\s*(- )?[\w".-]+:( [\w./"-]+| &\w+)?$/.test(line) && random.chance(0.15);
    return [...above, takesComment ? `${line} ${comment()}` : line];
  });
  const steps =
    hasBlocks || random.chance(0.7) ? lines : lines.map((line) => line.replace(/^ +/, (spaces) => spaces.repeat(2)));
  const whole = random.chance(0.1) ? steps.join("\n").trimEnd() : steps.join("\n");
  return (random.chance(0.1) ? "\uFEFF" : "") + (random.chance(0.2) ? whole.replaceAll("\n", "\r\n") : whole);
}
