import type { ServiceRow } from "../../core/result-rows.ts";
import { defineCommand } from "../define-command.ts";
import { renderAccessTable } from "../render/access-table.ts";
import { renderCommandLine } from "../render/command-line.ts";
import { logLineRenderer } from "../render/log-line.ts";
import { stateText } from "../render/service-table.ts";

export const command = defineCommand({
  name: "up",
  order: 20,
  summary: "Start services in health order and return when everything is ready",
  description:
    "Checks the project's files, prepares what is missing, starts every service as soon as what it waits for is met, runs migrations once, waits until every application answers and reaches its database, and prints how to open them. The stack keeps running. What already runs as defined is left alone.",
  examples: [
    { line: "bulkhead up", says: "the whole project" },
    { line: "bulkhead up mlflow", says: "one service and what it depends on" },
    { line: "bulkhead up --auto-ports", says: "take the next free port where one is taken" },
  ],
  positionals: [
    {
      name: "SERVICE",
      required: false,
      repeatable: true,
      description: "Services to start, with what they depend on; all when left out",
    },
  ],
  onInterrupt: "Stopping what this command started. Ctrl-C again leaves at once.",
  flags: {
    detach: {
      long: "detach",
      short: "d",
      type: "boolean",
      description: "Accepted as in Docker Compose: the stack always keeps running",
    },
    wait: { long: "wait", type: "boolean", description: "Accepted as in Docker Compose: up always waits until ready" },
    waitTimeout: {
      long: "wait-timeout",
      type: "seconds",
      value: "SECONDS",
      description: "Give up waiting this long after the first start (default 300)",
    },
    autoPorts: {
      long: "auto-ports",
      type: "boolean",
      description: "Where a published port is taken, use the next free one",
    },
    removeOrphans: {
      long: "remove-orphans",
      type: "boolean",
      description: "End services that run but are no longer in the file",
    },
    attach: { long: "attach", type: "boolean", description: "Follow the logs when everything is ready" },
    without: {
      long: "without",
      type: "strings",
      value: "SERVICE",
      description: "Leave out a service and what depends on it; may be repeated",
    },
    noCheck: { long: "no-check", type: "boolean", description: "Start even where `check` finds what cannot work" },
  },
  async run(context, { flags, positionals }) {
    const { up } = await import("../../actions/up.ts");
    const result = await up(context.action, context.project, {
      services: positionals,
      waitTimeoutMs: (flags.waitTimeout ?? 300) * 1000,
      autoPorts: flags.autoPorts,
      attach: flags.attach,
      removeOrphans: flags.removeOrphans,
      without: flags.without,
      check: !flags.noCheck,
    });
    const { project, engine, services, access, ok } = result;
    const payload = { project, engine, services, access };
    const rows = renderAccessTable(access, context.look);
    // Apart from the progress above it, where both are seen.
    const table = rows !== "" && context.interactive ? `\n${rows}` : rows;
    if (!ok)
      return {
        exitCode: 1,
        payload,
        text: table,
        errors: [notReady(services, (words) => renderCommandLine(context.project, words))],
      };
    if (!flags.attach) return { exitCode: 0, payload, text: table };

    if (table !== "") await context.print(`${table}\n\n`);
    const { logs } = await import("../../actions/logs.ts");
    const render = logLineRenderer(
      services.map(({ name }) => name),
      { prefix: true },
      context.look,
    );
    const lines = logs(context.action, context.project, { services: positionals, follow: true, tail: 0 });
    for await (const { service, line } of lines) {
      await context.print(`${render(service, line)}\n`);
      await context.event({ type: "log", service, line });
      if (context.action.signal.aborted) break;
    }
    return { exitCode: 0, payload };
  },
});

/** Which services hold the project back and where to look. */
function notReady(services: readonly ServiceRow[], commandLine: (words: readonly string[]) => string) {
  const missing = services.filter(({ state }) => state !== "ready" && state !== "completed");
  const names = missing.map((row) => `${row.name} (${stateText(row)})`).join(", ");
  const worst = missing.find(({ state }) => state === "exited" || state === "crash-loop") ?? missing[0];
  return {
    code: "STACK_FAILED",
    message: missing.length === 0 ? "The stack is not ready." : `Not ready: ${names}. What runs keeps running.`,
    hint: [commandLine(worst === undefined ? ["logs"] : ["logs", worst.name]), commandLine(["down"])].join("\n"),
    detail: { services: missing.map(({ name }) => name) },
  } as const;
}
