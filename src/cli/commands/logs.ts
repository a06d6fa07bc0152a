import { defineCommand } from "../define-command.ts";
import { logLineRenderer } from "../render/log-line.ts";
import { usageError } from "../usage-error.ts";

export const command = defineCommand({
  name: "logs",
  order: 50,
  summary: "Print what services wrote",
  description:
    "Prints the output of services as they wrote it, each line with its service's name. Ended services keep their logs. For --since the time counts that the application wrote at the beginning of a line, and for lines without one the time before them; output without any times is shown when its run was still going then.",
  examples: [
    { line: "bulkhead logs -f mlflow", says: "follow one service" },
    { line: "bulkhead logs --since 10m --tail 50", says: "the last lines of the last ten minutes" },
  ],
  positionals: [
    { name: "SERVICE", required: false, repeatable: true, description: "Services to print; all when left out" },
  ],
  flags: {
    follow: { long: "follow", short: "f", type: "boolean", description: "Go on with new lines until Ctrl-C" },
    since: {
      long: "since",
      type: "string",
      value: "TIME",
      description: "Only lines since a time (2026-01-31T12:00:00Z) or for a duration (10m)",
    },
    tail: {
      long: "tail",
      short: "n",
      type: "string",
      value: "LINES",
      description: "Lines from the end of each service's log (default all)",
    },
    noLogPrefix: { long: "no-log-prefix", type: "boolean", description: "Without the services' names" },
  },
  async run(context, { flags, positionals }) {
    if (flags.follow && context.output === "json") {
      throw usageError("logs --follow has no end, so --json has no place for its one object.", {
        command: "logs",
        hint: "bulkhead logs --follow --json-events",
      });
    }
    const tail = parseTail(flags.tail);
    const { logs } = await import("../../actions/logs.ts");
    const lines: { service: string; line: string }[] = [];
    const render = logLineRenderer(positionals, { prefix: !flags.noLogPrefix }, context.look);
    const source = logs(context.action, context.project, {
      services: positionals,
      follow: flags.follow,
      ...(flags.since === undefined ? {} : { since: flags.since }),
      ...(tail === undefined ? {} : { tail }),
    });
    for await (const { service, line } of source) {
      if (context.output === "json") lines.push({ service, line });
      await context.print(`${render(service, line)}\n`);
      await context.event({ type: "log", service, line });
      if (context.action.signal.aborted) break;
    }
    return { exitCode: 0, payload: context.output === "json" ? { lines } : {} };
  },
});

/** `all` and absent mean every line, as in Docker Compose. */
function parseTail(text: string | undefined): number | undefined {
  if (text === undefined || text === "all") return undefined;
  if (!/^\d{1,9}$/.test(text))
    throw usageError(`--tail takes a number of lines or "all", not ${JSON.stringify(text)}.`, { command: "logs" });
  return Number(text);
}
