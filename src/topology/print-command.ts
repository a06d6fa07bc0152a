import { joinTraced, sliceTraced, type TracedText, type TracedPiece } from "./traced-text.ts";

/**
 * What a simple text command prints, without its last newline: `echo`, `printf "%s"`, `cat FILE`, `tr A B`,
 * `sed s/a/b/g`. Undefined for anything else, and where a word is not known.
 */
export function printCommand(
  words: readonly TracedText[],
  input: TracedText | undefined,
  readFile: (path: string) => TracedText | undefined,
): TracedText | undefined {
  const [program = "", ...rest] = words.map(({ text }) => text);
  switch (program) {
    case "echo": {
      const from = words.findIndex((word, index) => index > 0 && !/^-[neE]+$/.test(word.text));
      return from < 0 ? undefined : joinWords(words.slice(from));
    }
    case "printf":
      return printFormat(words);
    case "cat":
      return rest.length === 0 ? input : rest.length === 1 ? withoutNewlines(readFile(rest[0] ?? "")) : undefined;
    case "tr":
      return input === undefined ? undefined : replaceEvery(input, unescape(rest[0]), unescape(rest[1]));
    case "sed": {
      const match = /^s([/|,#])(.)\1(.)\1g$/.exec(rest.find((word) => word.startsWith("s")) ?? "");
      return input === undefined || match === null ? undefined : replaceEvery(input, match[2] ?? "", match[3] ?? "");
    }
    default:
      return undefined;
  }
}

function joinWords(words: readonly TracedText[]): TracedText {
  const blank: TracedText = { text: " ", pieces: [{ start: 0, end: 1, place: { kind: "image" } }] };
  return joinTraced(words.flatMap((word, index) => (index === 0 ? [word] : [blank, word])));
}

/** `printf "%s\n" A`, `printf A`: other formats are not followed. */
function printFormat(words: readonly TracedText[]): TracedText | undefined {
  const [, format, ...values] = words;
  if (format === undefined) return undefined;
  if (/^%s(\\n)?$/.test(format.text)) return joinWords(values);
  if (format.text.includes("%") || values.length > 0) return undefined;
  const end = format.text.replace(/(\\n)+$/, "").length;
  return sliceTraced(format, 0, end);
}

function withoutNewlines(text: TracedText | undefined): TracedText | undefined {
  return text === undefined ? undefined : sliceTraced(text, 0, text.text.replace(/(\r?\n)+$/, "").length);
}

/** One character for another: the places stay as they are. */
function replaceEvery(input: TracedText, from: string, to: string): TracedText | undefined {
  if (from.length !== 1 || to.length !== 1) return undefined;
  const pieces: readonly TracedPiece[] = input.pieces;
  return { text: input.text.replaceAll(from, to), pieces };
}

function unescape(text: string | undefined): string {
  return (text ?? "").replace(/^\\n$/, "\n").replace(/^\\t$/, "\t");
}
