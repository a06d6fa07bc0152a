import { joinTraced, replaceCharacter, sliceTraced, type TracedText } from "./traced-text.ts";

/**
 * What a simple text command prints, without its last newline: `echo`, `printf "%s"`, `cat FILE`, `tr A B`,
 * `sed s/a/b/g`, `awk '{print $1}'`, `cut -d: -f1`. Undefined for anything else, and where a word is not known.
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
    case "awk": {
      const field = /^\{\s*print \$(\d)\s*\}$/.exec(rest.at(-1) ?? "")?.[1];
      const separator = /^-F\s*(.)$/.exec(rest.slice(0, -1).join(""))?.[1];
      const isSimple = rest.length === 1 || separator !== undefined;
      return input === undefined || field === undefined || !isSimple
        ? undefined
        : takeField(input, separator, Number(field));
    }
    case "cut": {
      const flags = rest.join(" ");
      const separator = /(?:^| )-d ?(\S)/.exec(flags)?.[1];
      const field = /(?:^| )-f ?(\d)(?: |$)/.exec(flags)?.[1];
      return input === undefined || separator === undefined || field === undefined
        ? undefined
        : takeField(input, separator, Number(field));
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

function replaceEvery(input: TracedText, from: string, to: string): TracedText | undefined {
  return from.length === 1 && to.length === 1 ? replaceCharacter(input, from, to) : undefined;
}

/** The n-th field between separators; `undefined`: between runs of blanks, as awk splits. */
function takeField(input: TracedText, separator: string | undefined, field: number): TracedText | undefined {
  const splitter = separator === undefined ? /[ \t]+/g : new RegExp(separator.replace(/[^\w]/g, "\\$&"), "g");
  const cuts = [...input.text.matchAll(splitter)];
  const start = field === 1 ? 0 : cuts[field - 2];
  const end = cuts[field - 1]?.index ?? input.text.length;
  if (start === undefined) return sliceTraced(input, input.text.length, input.text.length);
  return sliceTraced(input, start === 0 ? 0 : start.index + start[0].length, end);
}

function unescape(text: string | undefined): string {
  return (text ?? "").replace(/^\\n$/, "\n").replace(/^\\t$/, "\t");
}
