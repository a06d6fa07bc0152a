/** `3.4 GiB`, for sentences. */
export function tellGibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
