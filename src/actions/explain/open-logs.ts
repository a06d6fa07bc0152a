import type { LogSource } from "../../diagnose/collect-sightings.ts";
import type { ActionContext, ProjectOptions } from "../context.ts";
import { findStack, openStack } from "./find-stack.ts";
import { openStackLogs } from "./open-stack-logs.ts";
import { readLog } from "./read-log.ts";
import type { KnownStack } from "./stack-facts-of.ts";

/** After this long without a byte it is said what is waited for. */
const PATIENCE_MS = 2_000;
const STANDARD_INPUT = "standard input";

/** The logs that are meant, and the project they belong to, if there is one. */
export interface OpenedLogs {
  readonly stack: KnownStack | undefined;
  readonly logs: readonly LogSource[];
}

/**
 * Opens the files; without any what is piped in, and where nothing is, the running stack's logs. Throws as `explain` does.
 */
export async function openLogs(
  context: ActionContext,
  options: ProjectOptions,
  files: readonly string[],
  since: number | undefined,
): Promise<OpenedLogs> {
  if (files.length > 0) {
    return { stack: findStack(context, options), logs: openLogFiles(context, files) };
  }
  const piped = context.ports.host.hasInput ? await openPipe(context) : undefined;
  if (piped !== undefined) return { stack: findStack(context, options), logs: [piped] };
  const stack = openStack(context, options);
  return { stack, logs: await openStackLogs(context, options, stack, { since, isShort: false }) };
}

/** Standard input, or undefined when it ends at once: a scheduler's empty pipe is nothing to explain. */
async function openPipe(context: ActionContext): Promise<LogSource | undefined> {
  const chunks = readLog(context, "-");
  const begun = chunks.next();
  const timer = new AbortController();
  const patience = context.ports.clock.sleep(PATIENCE_MS, timer.signal).then(
    () => "waiting" as const,
    () => "over" as const,
  );
  if ((await Promise.race([begun, patience])) === "waiting") {
    const hint = "bulkhead explain </dev/null";
    context.emit({
      type: "note",
      message: "Waiting for logs on standard input. The running stack's are read by:",
      hint,
    });
  }
  const first = await begun.finally(() => timer.abort());
  if (first.done === true) return undefined;
  return { name: STANDARD_INPUT, chunks: startingWith(first.value, chunks) };
}

async function* startingWith(
  first: Uint8Array,
  rest: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield first;
  yield* rest;
}

/** The named files as logs; `-` is standard input. */
function openLogFiles(context: ActionContext, files: readonly string[]): readonly LogSource[] {
  return files.map((path) => ({ name: path === "-" ? STANDARD_INPUT : path, chunks: readLog(context, path) }));
}
