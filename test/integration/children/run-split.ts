/**
 * Carries a split on, or puts it back, in a process that a test can kill. argv[2]: JSON of SplitOrders. It kills itself at
 * the point when it first comes there; with `wait` it says `reached` instead and waits for SIGUSR2, or for its end.
 */
import type { SplitOrders } from "../../helpers/split-lab.ts";
import { runLabSplit } from "../../helpers/run-lab-split.ts";

const { at, wait, ...orders } = JSON.parse(process.argv[2] ?? "") as SplitOrders;

let isPast = false;

async function stopHere(): Promise<void> {
  // A plan that goes back on its own comes by the same step again.
  if (isPast) return;
  isPast = true;
  if (!wait) process.kill(process.pid, "SIGKILL");
  const idle = setInterval(() => undefined, 60_000);
  const resumed = new Promise((resolve) => process.once("SIGUSR2", resolve));
  process.stdout.write("reached\n");
  await resumed;
  clearInterval(idle);
}

const end = await runLabSplit(orders, {
  onMoment: async (moment, step) => {
    if ("step" in at && at.step === step && at.moment === moment) await stopHere();
  },
  onAnswer: async (answered) => {
    if ("query" in at && answered === at.query) await stopHere();
  },
});
process.stdout.write(`${JSON.stringify(end)}\n`);
