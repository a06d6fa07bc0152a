import type { TransferProgress } from "./track-tables.ts";

const units = ["B", "kB", "MB", "GB", "TB"];

/** `310 MB of 2.1 GB, 12 s left`. */
export function progressText({ done, total, secondsLeft }: TransferProgress): string {
  const left = secondsLeft === undefined ? "" : `, ${timeText(secondsLeft)} left`;
  return `${bytesText(done)} of ${bytesText(total)}${left}`;
}

/** Decimal units as disks are sold in: `2.1 GB`. */
export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0;
  return `${value.toFixed(digits)} ${units[unit] ?? "B"}`;
}

function timeText(seconds: number): string {
  if (seconds < 100) return `${Math.max(1, Math.round(seconds))} s`;
  return seconds < 6000 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
