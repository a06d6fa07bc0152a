/**
 * The known word nearest to what was typed, or undefined when none is near: at most one slip (insertion, deletion,
 * replacement, swap) a three letters, and a prefix of three letters or more always counts.
 */
export function suggest(typed: string, known: readonly string[]): string | undefined {
  if (typed.length >= 3) {
    const begun = known.filter((word) => word.startsWith(typed));
    if (begun.length === 1) return begun[0];
  }
  let best: { word: string; slips: number } | undefined;
  for (const word of known) {
    const slips = editDistance(typed, word);
    if (
      slips <= Math.max(1, Math.floor(Math.max(typed.length, word.length) / 3)) &&
      slips < Math.max(typed.length, word.length)
    ) {
      if (best === undefined || slips < best.slips) best = { word, slips };
    }
  }
  return best?.word;
}

/** Optimal string alignment distance. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1] ? 0 : 1;
      let cost = Math.min((last[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, (last[column - 1] ?? 0) + same);
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1);
      }
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length] ?? 0;
}
