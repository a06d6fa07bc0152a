/** `1 row of dag`, `3 rows of log`: a number with its noun. */
export function countThings(count: number, noun: string, more = ""): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}${more}`;
}
