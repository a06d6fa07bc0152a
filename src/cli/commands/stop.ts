import { defineCommand } from "../define-command.ts";
import { stopTimeoutFlag } from "../stop-timeout-flag.ts";

export const command = defineCommand({
  name: "stop",
  order: 70,
  summary: "Stop services; everything stays",
  description: "Ends services in reverse order. Volumes, logs and definitions stay: up starts them again.",
  examples: [{ line: "bulkhead stop mlflow", says: "one service" }],
  positionals: [
    { name: "SERVICE", required: false, repeatable: true, description: "Services to stop; all when left out" },
  ],
  onInterrupt: "Ctrl-C again leaves at once; services that are stopping go on stopping.",
  flags: { timeout: stopTimeoutFlag },
  async run({ action, project }, { flags, positionals }) {
    const { stop } = await import("../../actions/stop.ts");
    const { services } = await stop(action, project, {
      services: positionals,
      ...(flags.timeout === undefined ? {} : { timeoutMs: flags.timeout * 1000 }),
    });
    return { exitCode: 0, payload: { services } };
  },
});
