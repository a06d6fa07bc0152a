import type { SplitContext } from "./split-context.ts";

/** Asks until it is so, for some milliseconds: a server takes a while to see that a process was killed. */
export async function isSoon(
  { io: { clock }, signal }: Pick<SplitContext, "io" | "signal">,
  limitMs: number,
  ask: () => Promise<boolean>,
): Promise<boolean> {
  const until = clock.now() + limitMs;
  for (;;) {
    if (await ask()) return true;
    if (clock.now() >= until) return false;
    await clock.sleep(50, signal);
  }
}
