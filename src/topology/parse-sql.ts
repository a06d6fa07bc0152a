import { sliceTraced, type TracedText } from "./traced-text.ts";

/** A token of SQL with its place. `value`: identifiers folded and unquoted, strings unescaped, words in lower case. */
export interface SqlToken {
  readonly kind: "word" | "identifier" | "string" | "symbol";
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** One statement, or a psql command (`\c other`), whose first token is then the symbol `\c`. */
export interface SqlStatement {
  readonly tokens: readonly SqlToken[];
  /** `\gexec`: what the query returns is run. */
  readonly isExecuted: boolean;
}

/**
 * Splits what psql reads into statements: comments off, strings, dollar quotes and quoted names kept whole, backslash
 * commands apart. Source: psql reference; lexical structure of PostgreSQL's manual.
 */
export function parseSql(text: string): readonly SqlStatement[] {
  const statements: SqlStatement[] = [];
  let tokens: SqlToken[] = [];
  let at = 0;
  const end = (isExecuted = false): void => {
    if (tokens.length > 0) statements.push({ tokens, isExecuted });
    tokens = [];
  };
  while (at < text.length) {
    const rest = text.slice(at, at + 4);
    const match = matchToken(text, at);
    if (/^\s/.test(rest)) at += 1;
    else if (rest.startsWith("--")) at = lineEnd(text, at);
    else if (rest.startsWith("/*")) at = after(text, "*/", at + 2);
    else if (rest.startsWith(";")) {
      end();
      at += 1;
    } else if (rest.startsWith("\\")) {
      const command = /^\\\w*/.exec(text.slice(at, at + 40))?.[0] ?? "\\";
      const stop = lineEnd(text, at);
      if (command === "\\gexec" || command === "\\g") end(command === "\\gexec");
      else {
        end();
        const words = text.slice(at + command.length, stop);
        tokens.push({ kind: "symbol", value: command, start: at, end: at + command.length });
        for (const word of words.matchAll(/'([^']*)'|"([^"]*)"|\S+/g)) {
          const start = at + command.length + word.index;
          const value = word[1] ?? word[2] ?? word[0];
          tokens.push({ kind: "string", value, start, end: start + word[0].length });
        }
        end();
      }
      at = stop;
    } else {
      tokens.push(match);
      at = Math.max(match.end, at + 1);
    }
  }
  end();
  return statements;
}

function matchToken(text: string, start: number): SqlToken {
  const rest = text.slice(start, start + 300);
  const prefix = /^[eEnN](?=')/.exec(rest)?.[0].length ?? 0;
  if (text[start + prefix] === "'") {
    const stop = quoteEnd(text, start + prefix, "'");
    const value = text.slice(start + prefix + 1, stop - 1).replaceAll("''", "'");
    return { kind: "string", value, start, end: stop };
  }
  if (text[start] === '"') {
    const stop = quoteEnd(text, start, '"');
    return { kind: "identifier", value: text.slice(start + 1, stop - 1).replaceAll('""', '"'), start, end: stop };
  }
  const tag = /^\$\w*\$/.exec(rest)?.[0];
  if (tag !== undefined) {
    const stop = after(text, tag, start + tag.length);
    return {
      kind: "string",
      value: text.slice(start + tag.length, Math.max(stop - tag.length, start + tag.length)),
      start,
      end: stop,
    };
  }
  // psql variables: :name, :'name', :"name".
  const word = /^(?:[\p{L}_][\p{L}\p{N}_$]*|:(?:'\w+'|"\w+"|\w+)|\d+)/u.exec(rest)?.[0];
  if (word === undefined) return { kind: "symbol", value: text[start] ?? "", start, end: start + 1 };
  return { kind: "word", value: word.toLowerCase(), start, end: start + word.length };
}

function quoteEnd(text: string, start: number, quote: string): number {
  let at = start + 1;
  while (at < text.length) {
    if (text[at] === quote) {
      if (text[at + 1] !== quote) return at + 1;
      at += 1;
    }
    at += 1;
  }
  return text.length;
}

function lineEnd(text: string, from: number): number {
  const newline = text.indexOf("\n", from);
  return newline < 0 ? text.length : newline;
}

function after(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found < 0 ? text.length : found + mark.length;
}

/** The text of a token with its places, quotes left out where they are one character each. */
export function traceToken(script: TracedText, token: SqlToken): TracedText {
  const isQuoted = /^['"]/.test(script.text.slice(token.start, token.start + 1));
  return sliceTraced(script, token.start + Number(isQuoted), token.end - Number(isQuoted));
}
