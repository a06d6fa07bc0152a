import { defineCommand } from "../define-command.ts";

export const command = defineCommand({
  name: "why",
  order: 110,
  summary: "Print the life of one value: where it was written, and what it replaced",
  description:
    "Follows an effective value back to what wrote it: Compose files, anchors and merge keys, override files, extends, env files, .env, the shell. What said something else and lost is shown too. Secrets are masked. SERVICE.PATH is a path in what `bulkhead config` prints; a list or mapping shows what it holds.",
  examples: [
    { line: "bulkhead why mlflow.environment.MLFLOW_BACKEND_STORE_URI", says: "a connection string" },
    { line: "bulkhead why 'postgres.ports[0].published'", says: "a part of a port" },
    { line: "bulkhead why postgres.environment", says: "every variable" },
  ],
  positionals: [{ name: "SERVICE.PATH", required: true, repeatable: false, description: "The value" }],
  flags: {},
  async run({ action, project, look, output }, { positionals }) {
    const { why } = await import("../../actions/why.ts");
    const result = await why(action, project, positionals[0] ?? "");
    if (output !== "text") {
      const { whyJson } = await import("../render/why-json.ts");
      return { exitCode: 0, payload: whyJson(result) };
    }
    const { renderWhy } = await import("../render/render-why.ts");
    return { exitCode: 0, payload: {}, text: renderWhy(result, { look, cwd: action.ports.host.cwd }) };
  },
});
