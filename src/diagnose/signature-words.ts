import type { Signature } from "./signature.ts";

/** Words of lines that tell an error, whatever it is: of PostgreSQL, Python's logging, structlog, JSON loggers, tracebacks. */
const errorWords = [
  "ERROR: ",
  "ERROR -",
  " ERROR ",
  "[ERROR]",
  "ERROR/MainProcess",
  "FATAL: ",
  "PANIC: ",
  "CRITICAL",
  "[error  ",
  '"error"',
  "Error: ",
  "Exception: ",
];

/** What to search logs for, and what a found word may mean. */
export interface SignatureWords {
  readonly words: readonly string[];
  /** Signatures that know one of the words, by their numbers; each once. */
  readonly knowing: (numbers: readonly number[]) => readonly Signature[];
  /** Whether one of the words tells an error. */
  readonly tellsError: (numbers: readonly number[]) => boolean;
}

export function signatureWords(signatures: readonly Signature[]): SignatureWords {
  const words = [...new Set([...signatures.flatMap(({ marks }) => marks), ...errorWords])];
  const users = words.map((word) => signatures.filter(({ marks }) => marks.includes(word)));
  const errors = words.map((word) => errorWords.includes(word));
  return {
    words,
    knowing(numbers) {
      const [first, ...more] = numbers;
      const found = users[first ?? -1] ?? [];
      // Most lines hold one word, and then nothing is to be joined.
      return more.length === 0 ? found : [...new Set(numbers.flatMap((number) => users[number] ?? []))];
    },
    tellsError: (numbers) => numbers.some((number) => errors[number]),
  };
}
