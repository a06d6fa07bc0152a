/** `0.4 s`, `12.3 s`, `2 min 05 s`: short, of steady width while it grows. */
export function renderDuration(seconds: number): string {
  const tenths = Math.max(0, Math.round(seconds * 10));
  if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`;
  const whole = Math.round(tenths / 10);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}
