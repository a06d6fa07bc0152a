import { ToolError } from "../../core/tool-error.ts";
import { defineCommand } from "../define-command.ts";
import { renderCommandLine } from "../render/command-line.ts";
import { renderServiceTable } from "../render/service-table.ts";

export const command = defineCommand({
  name: "ps",
  order: 40,
  summary: "List services with state, health and ports",
  description: "Lists the services that run; with -a also those that ended or were never started.",
  examples: [
    { line: "bulkhead ps -a", says: "all services" },
    { line: "bulkhead ps --format json", says: "one JSON object a line" },
  ],
  positionals: [
    { name: "SERVICE", required: false, repeatable: true, description: "Services to list, whatever their state" },
  ],
  flags: {
    all: { long: "all", short: "a", type: "boolean", description: "Also services that do not run" },
    format: { long: "format", type: "choice", choices: ["table", "json"], description: "How to print (default table)" },
    quiet: { long: "quiet", short: "q", type: "boolean", description: "Only process ids" },
    services: { long: "services", type: "boolean", description: "Only service names" },
  },
  async run({ action, project, look }, { flags, positionals }) {
    const { ps } = await import("../../actions/ps.ts");
    const { services: rows } = await ps(action, project, { all: flags.all || positionals.length > 0 });
    const unknown = positionals.find((name) => rows.every((row) => row.name !== name));
    if (unknown !== undefined) {
      throw new ToolError("SERVICE_UNKNOWN", `The project has no service ${JSON.stringify(unknown)}.`, {
        hint: renderCommandLine(project, ["ps", "-a"]),
        detail: { service: unknown },
      });
    }
    const services = positionals.length === 0 ? rows : rows.filter(({ name }) => positionals.includes(name));
    const text = flags.quiet
      ? services.flatMap(({ pid }) => (pid === null ? [] : [String(pid)])).join("\n")
      : flags.services
        ? services.map(({ name }) => name).join("\n")
        : flags.format === "json"
          ? services.map((row) => JSON.stringify(row)).join("\n")
          : renderServiceTable(services, look);
    if (services.length === 0 && !flags.quiet) {
      action.emit({
        type: "note",
        message: flags.all ? "The project has no services." : "Nothing runs.",
        hint: renderCommandLine(project, ["up"]),
      });
    }
    return { exitCode: 0, payload: { services }, text };
  },
});
