import { defineCommand } from "../define-command.ts";
import { stopTimeoutFlag } from "../stop-timeout-flag.ts";

export const command = defineCommand({
  name: "restart",
  order: 80,
  summary: "Stop and start services again",
  description: "Ends services and starts them again in health order, as they were defined by the last up.",
  examples: [{ line: "bulkhead restart mlflow", says: "one service" }],
  positionals: [
    { name: "SERVICE", required: false, repeatable: true, description: "Services to restart; all when left out" },
  ],
  onInterrupt: "Ctrl-C again leaves at once.",
  flags: { timeout: stopTimeoutFlag },
  async run({ action, project }, { flags, positionals }) {
    const { restart } = await import("../../actions/restart.ts");
    const { services } = await restart(action, project, {
      services: positionals,
      ...(flags.timeout === undefined ? {} : { timeoutMs: flags.timeout * 1000 }),
    });
    return { exitCode: 0, payload: { services } };
  },
});
