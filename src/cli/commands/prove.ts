import { defineCommand } from "../define-command.ts";
import { renderProofStep, renderProofSummary } from "../render/proof-lines.ts";

export const command = defineCommand({
  name: "prove",
  order: 30,
  summary: "Test every connection, then run a real DAG that logs to MLflow",
  description:
    "Proves a running stack: every application reaches its own database with the right schema, then a DAG run by the real scheduler logs a run with a parameter, a metric and an artifact to MLflow, and both sides are read back from outside. Everything it made is removed afterwards.",
  examples: [{ line: "bulkhead prove", says: "exit code 0 only when everything was proven" }],
  positionals: [],
  onInterrupt: "Removing what the proof made. Ctrl-C again leaves at once; the next proof removes the rest.",
  flags: {
    timeout: {
      long: "timeout",
      type: "seconds",
      value: "SECONDS",
      description: "Give up after this long (default 300)",
    },
  },
  async run({ action, project, look, shownSteps }, { flags }) {
    const { prove } = await import("../../actions/prove.ts");
    const { ok, steps } = await prove(action, project, { timeoutMs: (flags.timeout ?? 300) * 1000 });
    const unseen = steps.filter(({ id }) => !shownSteps.has(id)).map((step) => renderProofStep(step, look));
    return {
      exitCode: ok ? 0 : 1,
      payload: { steps },
      text: [...unseen, renderProofSummary(steps, ok, look)].join("\n"),
    };
  },
});
