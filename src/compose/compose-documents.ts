import { Composer, Lexer, Parser, type CST, type Document } from "yaml";
import type { SourceText } from "./source-text.ts";

/** More than 100,000 values, the most that Compose takes, are written with. */
const maximumTokens = 1_000_000;
const maximumErrors = 100;
/** Deeper than any model; the steps after parsing recurse. */
const maximumDepth = 400;
const maximumDocuments = 100;

/** The documents of a YAML text, or why they are not looked at, with the offset where that showed. */
export type ComposedDocuments =
  | { readonly documents: readonly Document.Parsed[] }
  | { readonly refused: string; readonly at: number };

/** Loading and editing look at the same files. */
const composed = new WeakMap<SourceText, ComposedDocuments>();

/**
 * Parses YAML into documents of the `yaml` package, scalars as they are written; once a source, whose documents nobody may
 * change. Gives up on texts that would take much time or memory: too many tokens, too deeply nested, too many documents.
 */
export function composeDocuments(source: SourceText): ComposedDocuments {
  const known = composed.get(source) ?? compose(source.text);
  composed.set(source, known);
  return known;
}

function compose(text: string): ComposedDocuments {
  const parser = new Parser();
  const composer = new Composer({
    schema: "failsafe",
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "silent",
    // Edits look at the characters between nodes.
    keepSourceTokens: true,
  });
  let refused: { refused: string; at: number } | undefined;

  function* tokens(): Generator<CST.Token, void> {
    let count = 0;
    let errors = 0;
    for (const lexeme of new Lexer().lex(text)) {
      for (const token of parser.next(lexeme)) {
        if (token.type === "error") errors++;
        yield token;
      }
      // The documents so far carry the errors; what follows so many only follows from them.
      if (errors > maximumErrors) break;
      if (++count > maximumTokens) refused = { refused: `more than ${maximumTokens} YAML tokens`, at: parser.offset };
      if (parser.stack.length > maximumDepth)
        refused = { refused: `values nested more than ${maximumDepth} levels deep`, at: parser.offset };
      if (refused !== undefined) return;
    }
    yield* parser.end();
  }

  const documents: Document.Parsed[] = [];
  for (const document of composer.compose(tokens())) {
    if (refused !== undefined) break;
    documents.push(document);
    if (documents.length > maximumDocuments)
      refused = { refused: `more than ${maximumDocuments} YAML documents`, at: document.range[0] };
  }
  return refused ?? { documents };
}
