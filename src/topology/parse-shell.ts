/** A word of a shell command: its unquoted text and where it stands in the script (string indices). */
export interface ShellWord {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * A part of a word or here-document and its place in the script. `literal`: stands for itself; `quoted`: `$` and
 * backquotes still mean something; `bare`: that, and blanks in what they give end the word.
 */
export interface ShellPiece extends ShellWord {
  readonly kind: "literal" | "quoted" | "bare";
}

/** A word with its pieces, quotes and joined lines taken off. */
export interface ParsedWord extends ShellWord {
  readonly pieces: readonly ShellPiece[];
}

/** One simple command, assignments before it apart. `separator` is what ended it. */
export interface ShellCommand {
  readonly assignments: readonly ParsedWord[];
  /** Redirections are among them as they stand: `>log`, `2>&1`, `<<EOF`. */
  readonly words: readonly ParsedWord[];
  /** Bodies of here-documents, in order. */
  readonly hereDocuments: readonly (readonly ShellPiece[])[];
  readonly separator: "&&" | "||" | ";" | "|" | "&" | "\n" | "";
}

interface PendingDocument {
  readonly delimiter: string;
  readonly stripsTabs: boolean;
  readonly kind: "literal" | "quoted";
  readonly into: (readonly ShellPiece[])[];
}

/**
 * Splits a script into simple commands, as far as recognising programs and their flags needs it: quotes, escapes, line
 * continuations, comments, here-documents, `&&`, `||`, `;`, `|`, `&`, newlines. Substitutions stay literal in their
 * word. Compound commands (`if`, loops) come out with their keywords as words, parentheses as words of their own.
 */
export function parseShell(script: string): readonly ShellCommand[] {
  const commands: ShellCommand[] = [];
  let words: ParsedWord[] = [];
  let hereDocuments: (readonly ShellPiece[])[] = [];
  let pending: PendingDocument[] = [];
  let pieces: ShellPiece[] = [];
  let text = "";
  let start = -1;
  let at = 0;

  const endWord = (): void => {
    if (start >= 0) words.push({ text, start, end: at, pieces });
    text = "";
    pieces = [];
    start = -1;
  };
  const endCommand = (separator: ShellCommand["separator"]): void => {
    endWord();
    if (words.length > 0) {
      const first = words.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word.text));
      const split = first < 0 ? words.length : first;
      commands.push({ assignments: words.slice(0, split), words: words.slice(split), hereDocuments, separator });
      hereDocuments = [];
    }
    words = [];
  };
  const take = (count: number, piece: Omit<ShellPiece, "end">): void => {
    if (start < 0) start = at;
    text += piece.text;
    addPiece(pieces, { ...piece, end: piece.start + piece.text.length });
    at += count;
  };

  while (at < script.length) {
    const char = script[at] ?? "";
    const next = script[at + 1] ?? "";
    if (char === "\\") {
      if (next === "\n") {
        if (start >= 0) endWordBeforeContinuation();
        at += 2;
      } else take(2, { text: next, start: at + 1, kind: "literal" });
    } else if (char === "'") {
      const close = script.indexOf("'", at + 1);
      const stop = close < 0 ? script.length : close;
      take(stop + 1 - at, { text: script.slice(at + 1, stop), start: at + 1, kind: "literal" });
    } else if (char === '"') {
      if (start < 0) start = at;
      const end = readDoubleQuoted(script, at + 1, (piece) => {
        text += piece.text;
        addPiece(pieces, piece);
      });
      at = end;
    } else if ((char === "$" && (next === "(" || next === "{")) || char === "`") {
      const length = matchSubstitution(script, at);
      take(length, { text: script.slice(at, at + length), start: at, kind: "bare" });
    } else if (char === "#" && start < 0) {
      const newline = script.indexOf("\n", at);
      at = newline < 0 ? script.length : newline;
    } else if (char === "<" && next === "<" && script[at + 2] !== "<" && script[at - 1] !== "<") {
      readDocumentWord();
    } else if ((char === "&" && next === "&") || (char === "|" && next === "|")) {
      endCommand(char === "&" ? "&&" : "||");
      at += 2;
    } else if (char === "\n") {
      endCommand("\n");
      at += 1;
      for (const document of pending) at = readDocument(script, at, document);
      pending = [];
    } else if (char === ";" || char === "|") {
      endCommand(char);
      at += 1;
    } else if (char === "&" && script[at - 1] !== ">" && script[at - 1] !== "<" && next !== ">") {
      endCommand("&");
      at += 1;
    } else if (char === "(" || char === ")") {
      endWord();
      take(1, { text: char, start: at, kind: "literal" });
      endWord();
    } else if (char === " " || char === "\t" || char === "\r") {
      endWord();
      at += 1;
    } else {
      const plain = runOf(plainCharacters, script, at);
      take(plain.length, { text: plain, start: at, kind: "bare" });
    }
  }
  endCommand("");
  return commands;

  /** A continuation inside a word joins the lines; the usual one stands after a blank and ends nothing. */
  function endWordBeforeContinuation(): void {
    if (/\s/.test(script[at + 2] ?? "\n")) endWord();
  }

  /** `<<EOF`, `<<-'EOF'`, `<< EOF`: one word; what it stands for follows the line. */
  function readDocumentWord(): void {
    endWord();
    const match = /^<<(-?)[ \t]*(?:'([^']*)'|"([^"]*)"|\\?([^\s;&|<>()'"]+))/.exec(script.slice(at, at + 200));
    const [whole = "<<", dash = "", single, double, bare] = match ?? [];
    const isQuoted = single !== undefined || double !== undefined || whole.includes("\\");
    pending.push({
      delimiter: single ?? double ?? bare ?? "",
      stripsTabs: dash === "-",
      kind: isQuoted ? "literal" : "quoted",
      into: hereDocuments,
    });
    take(whole.length, { text: whole, start: at, kind: "literal" });
    endWord();
  }
}

/** Characters that mean nothing outside of quotes, and inside of double ones. */
const plainCharacters = /[^\\'"$`#<&|;()\n\t\r ]+/y;
const plainInQuotes = /[^\\"$`]+/y;

/** All plain characters from `at` on; where the first is none, it alone. */
function runOf(plain: RegExp, script: string, at: number): string {
  plain.lastIndex = at;
  return plain.exec(script)?.[0] ?? script.charAt(at);
}

/** Neighbours of one kind whose text stands as written become one piece. */
function addPiece(pieces: ShellPiece[], piece: ShellPiece): void {
  const last = pieces.at(-1);
  if (last !== undefined && last.kind === piece.kind && last.end === piece.start) {
    pieces[pieces.length - 1] = { ...last, text: last.text + piece.text, end: piece.end };
  } else pieces.push(piece);
}

function readDoubleQuoted(script: string, open: number, add: (piece: ShellPiece) => void): number {
  let at = open;
  while (at < script.length && script[at] !== '"') {
    const next = script[at + 1] ?? "";
    if (script[at] === "\\" && /["\\$`\n]/.test(next)) {
      if (next !== "\n") add({ text: next, start: at + 1, end: at + 2, kind: "literal" });
      at += 2;
      continue;
    }
    const isSubstitution = (script[at] === "$" && (next === "(" || next === "{")) || script[at] === "`";
    const length = isSubstitution ? matchSubstitution(script, at) : runOf(plainInQuotes, script, at).length;
    add({ text: script.slice(at, at + length), start: at, end: at + length, kind: "quoted" });
    at += length;
  }
  return Math.min(at, script.length) + 1;
}

/** The lines up to the delimiter; returns where the script goes on. */
function readDocument(script: string, from: number, { delimiter, stripsTabs, kind, into }: PendingDocument): number {
  const pieces: ShellPiece[] = [];
  let at = from;
  while (at < script.length) {
    const newline = script.indexOf("\n", at);
    const end = newline < 0 ? script.length : newline + 1;
    const line = script.slice(at, end);
    const tabs = stripsTabs ? (/^\t*/.exec(line)?.[0].length ?? 0) : 0;
    if (line.slice(tabs).replace(/\r?\n$/, "") === delimiter) {
      at = end;
      break;
    }
    addPiece(pieces, { text: line.slice(tabs), start: at + tabs, end, kind });
    at = end;
  }
  into.push(pieces);
  return at;
}

function matchSubstitution(script: string, start: number): number {
  if (script[start] === "`") {
    const close = script.indexOf("`", start + 1);
    return (close < 0 ? script.length : close + 1) - start;
  }
  const open = script[start + 1];
  const close = open === "(" ? ")" : "}";
  let depth = 0;
  for (let at = start + 1; at < script.length; at += 1) {
    if (script[at] === open) depth += 1;
    else if (script[at] === close && (depth -= 1) === 0) return at + 1 - start;
  }
  return script.length - start;
}
