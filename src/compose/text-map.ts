/** Characters `start`..`end` of a decoded text, made of characters `from`..`to` of its source (UTF-16, ends exclusive). */
export interface MappedRange {
  readonly start: number;
  readonly end: number;
  readonly from: number;
  readonly to: number;
}

/** A text decoded from a source, with the way back. */
export interface TextMap {
  readonly text: string;
  /** Where the characters `start`..`end` stand in the source: ranges in order, each copied as it is or rewritten whole. */
  locate(start: number, end: number): readonly MappedRange[];
}

/** Collects a decoded text piece by piece. */
export interface TextMapBuilder {
  /** Characters that stand in the source as they are. */
  copy(from: number, to: number): void;
  /** Characters that the source writes in another way. */
  replace(text: string, from: number, to: number): void;
  build(): TextMap;
}

export function createTextMap(source: string): TextMapBuilder {
  /** `text` is absent for what is copied. */
  const ranges: (MappedRange & { readonly text?: string })[] = [];
  let length = 0;
  return {
    copy(from, to) {
      if (to <= from) return;
      const last = ranges.at(-1);
      const start = length;
      length += to - from;
      if (last !== undefined && last.text === undefined && last.to === from)
        ranges[ranges.length - 1] = { ...last, end: length, to };
      else ranges.push({ start, end: length, from, to });
    },
    replace(text, from, to) {
      if (text === "") return;
      ranges.push({ start: length, end: length + text.length, from, to, text });
      length += text.length;
    },
    build: () => ({
      text: ranges.map(({ text, from, to }) => text ?? source.slice(from, to)).join(""),
      locate(start, end) {
        const found: MappedRange[] = [];
        for (let at = firstBehind(ranges, start); at < ranges.length; at++) {
          const range = ranges[at];
          if (range === undefined || range.start >= end) break;
          const cut = { start: Math.max(start, range.start), end: Math.min(end, range.end) };
          const offset = range.from - range.start;
          if (range.text === undefined) found.push({ ...cut, from: cut.start + offset, to: cut.end + offset });
          else found.push({ ...cut, from: range.from, to: range.to });
        }
        return found;
      },
    }),
  };
}

/** The first range that ends behind `offset`. */
function firstBehind(ranges: readonly MappedRange[], offset: number): number {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[middle]?.end ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
