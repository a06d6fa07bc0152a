import { defineCommand } from "../define-command.ts";

export const command = defineCommand({
  name: "config",
  order: 100,
  summary: "Print the effective project in Compose's canonical form",
  description:
    "Prints the project as it is after interpolation, merging and profiles, in the form Docker Compose prints it. Values include passwords, as there; --redact masks them.",
  examples: [
    { line: "bulkhead config -q", says: "only check that the project can be read" },
    { line: "bulkhead config --format json", says: "the model as JSON" },
  ],
  positionals: [],
  flags: {
    format: { long: "format", type: "choice", choices: ["yaml", "json"], description: "How to print (default yaml)" },
    services: { long: "services", type: "boolean", description: "Only service names" },
    volumes: { long: "volumes", type: "boolean", description: "Only volume names" },
    images: { long: "images", type: "boolean", description: "Only image names" },
    redact: { long: "redact", type: "boolean", description: "Mask secrets" },
    quiet: { long: "quiet", short: "q", type: "boolean", description: "Print nothing, only check" },
  },
  async run({ action, project, output }, { flags: { services, volumes, images, redact, quiet, format } }) {
    const { config } = await import("../../actions/config.ts");
    const names = services || volumes || images;
    const model = !names && !quiet;
    const text = await config(action, project, {
      format: output === "text" ? (format ?? "yaml") : "json",
      services,
      volumes,
      images,
      redact,
      quiet,
    });
    if (output === "text") return { exitCode: 0, payload: {}, text: quiet ? "" : text.replace(/\n$/, "") };
    const payload = model
      ? { config: JSON.parse(text) as unknown }
      : names
        ? { names: text.split("\n").filter((line) => line !== "") }
        : {};
    return { exitCode: 0, payload };
  },
});
