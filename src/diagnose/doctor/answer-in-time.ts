import type { Clock } from "../../ports/clock.ts";

/**
 * What `work` gives within its time, else what `late` makes of the time being over; then the signal that it got is aborted.
 * Rejects as `work` does.
 */
export async function answerInTime<T>(
  clock: Clock,
  { limitMs, signal: outer }: { readonly limitMs: number; readonly signal: AbortSignal },
  work: (signal: AbortSignal) => Promise<T>,
  late: (seconds: number) => T,
): Promise<T> {
  const over = new AbortController();
  const signal = AbortSignal.any([outer, over.signal]);
  const limit = clock.sleep(limitMs, signal).then(() => late(limitMs / 1000));
  try {
    return await Promise.race([limit, Promise.resolve().then(() => work(signal))]);
  } finally {
    limit.catch(() => undefined);
    over.abort(new Error("the time for it is over"));
  }
}
