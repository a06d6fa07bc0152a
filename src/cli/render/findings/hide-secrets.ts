import { findSecrets } from "../../../core/find-secrets.ts";
import { maskRanges } from "../../../core/mask-secrets.ts";

/** What `maskRanges` shows. */
const hidden = "***";

/** A line with its secrets hidden. */
export interface LineWithoutSecrets {
  readonly text: string;
  /** Where a range of the line stands in the text; of a secret it is in, it covers what hides it. */
  readonly place: (from: number, to: number) => { readonly from: number; readonly to: number };
}

let last: { readonly line: string; readonly masked: LineWithoutSecrets } | undefined;

/** Hides the secrets of a line; the last one is kept, because all findings of a file can lie in one line. */
export function hideSecrets(line: string): LineWithoutSecrets {
  if (last?.line !== line) last = { line, masked: mask(line) };
  return last.masked;
}

function mask(line: string): LineWithoutSecrets {
  const secrets = findSecrets(line);
  const move = (offset: number, inside: number): number => {
    let moved = offset;
    for (const { start, end } of secrets) {
      if (offset >= end) moved += hidden.length - (end - start);
      else if (offset > start) moved += start + inside - offset;
    }
    return moved;
  };
  return {
    text: maskRanges(line, secrets),
    place: (from, to) => ({ from: move(from, 0), to: move(to, hidden.length) }),
  };
}
