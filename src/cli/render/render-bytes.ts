const units = ["B", "kB", "MB", "GB", "TB"];

/** `0 B`, `9.9 MB`, `1.87 GB` in steps of a thousand: three digits at most. */
export function renderBytes(bytes: number): string {
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const value = bytes / 1000 ** step;
  const digits = step === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits)} ${units[step]}`;
}
