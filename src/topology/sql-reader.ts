import { traceToken, type SqlToken } from "./parse-sql.ts";
import type { TracedText } from "./traced-text.ts";

/** Reads a statement word by word. */
export interface SqlReader {
  readonly nameOf: (token: SqlToken) => { name: string; text: TracedText };
  readonly next: () => SqlToken | undefined;
  readonly peekToken: () => SqlToken | undefined;
  /** Skips the words in order when they all stand here. */
  readonly skip: (...words: readonly string[]) => boolean;
  /** A name, of a qualified one the last part. */
  readonly name: () => { name: string; text: TracedText } | undefined;
  readonly hasMore: () => boolean;
  /** Another reader at the same place. */
  readonly copy: () => SqlReader;
}

/** @param variables psql's own, which stand for names: `:name`, `:"name"` */
export function createSqlReader(
  tokens: readonly SqlToken[],
  script: TracedText,
  variables: ReadonlyMap<string, TracedText>,
): SqlReader {
  let at = 0;
  const nameOf = (token: SqlToken): { name: string; text: TracedText } => {
    const variable = token.kind === "word" ? /^:['"]?(\w+)['"]?$/.exec(token.value)?.[1] : undefined;
    const value = variable === undefined ? undefined : variables.get(variable);
    if (value !== undefined) return { name: value.text, text: value };
    return { name: token.value, text: traceToken(script, token) };
  };
  return {
    nameOf,
    next: () => tokens[at++],
    peekToken: () => tokens[at],
    skip: (...words) => {
      const found = words.every(
        (word, index) => tokens[at + index]?.value === word && tokens[at + index]?.kind !== "string",
      );
      if (found) at += words.length;
      return found;
    },
    name: () => {
      let token = tokens[at++];
      while (tokens[at]?.value === "." && tokens[at + 1] !== undefined) {
        token = tokens[at + 1];
        at += 2;
      }
      return token === undefined ? undefined : nameOf(token);
    },
    hasMore: () => at < tokens.length,
    copy: () => createSqlReader(tokens.slice(at), script, variables),
  };
}
