/** A word of a shell command: its unquoted text and where it stands in the script (string indices). */
export interface ShellWord {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** One simple command, assignments before it apart. `separator` is what ended it. */
export interface ShellCommand {
  readonly assignments: readonly ShellWord[];
  readonly words: readonly ShellWord[];
  readonly separator: "&&" | "||" | ";" | "|" | "&" | "\n" | "";
}

/**
 * Splits a script into simple commands, as far as recognising programs and their flags needs it: quotes, escapes, line
 * continuations, comments, `&&`, `||`, `;`, `|`, `&`, newlines. Substitutions stay literal in their word. Compound
 * commands (`if`, loops) come out with their keywords as words.
 */
export function parseShell(script: string): readonly ShellCommand[] {
  const commands: ShellCommand[] = [];
  let words: ShellWord[] = [];
  let text = "";
  let start = -1;
  let at = 0;

  const endWord = (): void => {
    if (start >= 0) words.push({ text, start, end: at });
    text = "";
    start = -1;
  };
  const endCommand = (separator: ShellCommand["separator"]): void => {
    endWord();
    if (words.length > 0) {
      const first = words.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word.text));
      const split = first < 0 ? words.length : first;
      commands.push({ assignments: words.slice(0, split), words: words.slice(split), separator });
    }
    words = [];
  };
  const take = (count: number, literal: string): void => {
    if (start < 0) start = at;
    text += literal;
    at += count;
  };

  while (at < script.length) {
    const char = script[at] ?? "";
    const next = script[at + 1] ?? "";
    if (char === "\\") {
      if (next === "\n") {
        if (start >= 0) endWordBeforeContinuation();
        at += 2;
      } else take(2, next);
    } else if (char === "'") {
      const close = script.indexOf("'", at + 1);
      const stop = close < 0 ? script.length : close;
      take(stop + 1 - at, script.slice(at + 1, stop));
    } else if (char === '"') {
      const [length, inner] = readDoubleQuoted(script, at);
      take(length, inner);
    } else if (char === "$" && (next === "(" || next === "{")) {
      const length = matchSubstitution(script, at);
      take(length, script.slice(at, at + length));
    } else if (char === "#" && start < 0) {
      const newline = script.indexOf("\n", at);
      at = newline < 0 ? script.length : newline;
    } else if ((char === "&" && next === "&") || (char === "|" && next === "|")) {
      endCommand(char === "&" ? "&&" : "||");
      at += 2;
    } else if (char === ";" || char === "|" || char === "\n") {
      endCommand(char);
      at += 1;
    } else if (char === "&" && script[at - 1] !== ">" && next !== ">") {
      endCommand("&");
      at += 1;
    } else if (char === " " || char === "\t" || char === "\r") {
      endWord();
      at += 1;
    } else take(1, char);
  }
  endCommand("");
  return commands;

  /** A continuation inside a word joins the lines; the usual one stands after a blank and ends nothing. */
  function endWordBeforeContinuation(): void {
    if (/\s/.test(script[at + 2] ?? "\n")) endWord();
  }
}

function readDoubleQuoted(script: string, open: number): [length: number, text: string] {
  let text = "";
  let at = open + 1;
  while (at < script.length && script[at] !== '"') {
    if (script[at] === "\\" && /["\\$`\n]/.test(script[at + 1] ?? "")) {
      text += script[at + 1] === "\n" ? "" : script[at + 1];
      at += 2;
    } else {
      text += script[at];
      at += 1;
    }
  }
  return [Math.min(at, script.length) + 1 - open, text];
}

function matchSubstitution(script: string, start: number): number {
  const close = script[start + 1] === "(" ? ")" : "}";
  const open = script[start + 1];
  let depth = 0;
  for (let at = start + 1; at < script.length; at += 1) {
    if (script[at] === open) depth += 1;
    else if (script[at] === close && (depth -= 1) === 0) return at + 1 - start;
  }
  return script.length - start;
}
