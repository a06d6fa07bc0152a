import type { FlagSpec } from "./define-command.ts";

/** `--timeout` of every command that ends services. */
export const stopTimeoutFlag = {
  long: "timeout",
  short: "t",
  type: "seconds",
  value: "SECONDS",
  description: "Time to end by itself before a service is killed (default: what the file says)",
} as const satisfies FlagSpec;
