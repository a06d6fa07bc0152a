/** Bytes whose hash steers the search; three tell English text apart far better than two. */
const BLOCK = 3;
const TABLE_SIZE = 1 << 16;

/** Finds many fixed words in one pass over bytes. */
export interface MarkFinder {
  /**
   * Calls `onMark` with the number of each word found in `bytes` and the offset of its first byte, in order of their
   * last bytes; words may overlap. Looks at `from`..`to` only.
   */
  find(bytes: Uint8Array, from: number, to: number, onMark: (mark: number, at: number) => void): void;
}

/**
 * A finder for fixed words of ASCII, at least four bytes each. By Wu and Manber (1994, "A fast algorithm for multi-pattern
 * searching"): the last three bytes of a window as long as the shortest word say how far the next window may lie, so most
 * bytes of a log are never looked at.
 */
export function createMarkFinder(marks: readonly string[]): MarkFinder {
  const words = marks.map((mark) => new TextEncoder().encode(mark));
  const window = Math.min(...words.map((word) => word.length));
  if (!(window > BLOCK)) throw new RangeError(`A mark needs more than ${BLOCK} bytes.`);
  const shifts = new Uint8Array(TABLE_SIZE).fill(window - BLOCK + 1);
  // Bucket 0 stands for no word at all.
  const bucketOf = new Uint16Array(TABLE_SIZE);
  const buckets: number[][] = [[]];
  for (const [number, word] of words.entries()) {
    for (let end = BLOCK; end <= window; end += 1) {
      const hash = hashOf(word, end - 1);
      shifts[hash] = Math.min(shifts[hash] as number, window - end);
      if (end < window) continue;
      if (bucketOf[hash] === 0) bucketOf[hash] = buckets.push([]) - 1;
      buckets[bucketOf[hash] as number]?.push(number);
    }
  }
  return {
    find(bytes, from, to, onMark) {
      for (let at = from + window - 1; at < to;) {
        const hash = hashOf(bytes, at);
        const shift = shifts[hash] as number;
        if (shift > 0) {
          at += shift;
          continue;
        }
        const start = at - window + 1;
        const bucket = buckets[bucketOf[hash] as number] as readonly number[];
        for (let index = 0; index < bucket.length; index += 1) {
          const number = bucket[index] as number;
          if (isAt(bytes, start, to, words[number] as Uint8Array)) onMark(number, start);
        }
        at += 1;
      }
    },
  };
}

/** Of the three bytes that end at `at`. */
function hashOf(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at - 2] as number) << 10) ^ ((bytes[at - 1] as number) << 5) ^ (bytes[at] as number)) & (TABLE_SIZE - 1)
  );
}

function isAt(bytes: Uint8Array, start: number, to: number, word: Uint8Array): boolean {
  if (start + word.length > to) return false;
  for (let offset = 0; offset < word.length; offset += 1) if (bytes[start + offset] !== word[offset]) return false;
  return true;
}
