import { defineCommand } from "../define-command.ts";

export const command = defineCommand({
  name: "explain",
  order: 100,
  summary: "Tell the root cause of what went wrong, from the logs of all services",
  description:
    "Reads the logs of the running stack, of files, or of standard input, and tells what went wrong first, which lines say so, what is only a consequence, how sure that is, and the commands that cure it. It understands what docker compose, docker, journald, Kubernetes and CI systems write, with colours and without; in a project's directory it also shows where the Compose file says so. Where it knows nothing it shows the first error of each service and guesses nothing. Exit code 1: something is wrong; 0: nothing is.",
  examples: [
    { line: "bulkhead explain", says: "the running stack" },
    { line: "bulkhead explain --since 10m", says: "only what it wrote in the last ten minutes" },
    { line: "docker compose logs | bulkhead explain", says: "a stack that Docker runs" },
    { line: "bulkhead explain ci.log worker.log", says: "logs from elsewhere" },
  ],
  positionals: [{ name: "FILE", required: false, repeatable: true, description: "Logs to read; - is standard input" }],
  flags: {
    since: {
      long: "since",
      type: "string",
      value: "TIME",
      description: "Only lines since a time (2026-01-31T12:00:00Z) or for a duration (10m)",
    },
  },
  async run({ action, project, look, output }, { flags, positionals }) {
    const { explain } = await import("../../actions/explain.ts");
    const result = await explain(action, project, { files: positionals, since: flags.since });
    const { exitCode } = result;
    if (output !== "text") {
      const { explainJson } = await import("../render/explain-json.ts");
      return { exitCode, payload: explainJson(result) };
    }
    const { renderExplanation } = await import("../render/render-explanation.ts");
    return { exitCode, payload: {}, text: renderExplanation(result, { look, cwd: action.ports.host.cwd }) };
  },
});
