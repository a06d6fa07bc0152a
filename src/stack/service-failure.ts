import { ToolError } from "../core/tool-error.ts";
import { pickLastWords } from "./last-words.ts";

/**
 * How a service failed (`what`: `exited with code 1`), with the lines of its log that say why. Exit code 1: the stack is at
 * fault.
 */
export function serviceFailure(service: string, what: string, log: string): ToolError {
  const words = pickLastWords(log);
  return new ToolError("STACK_FAILED", [`${service} ${what}`, ...words.map((line) => `  ${line}`)].join("\n"), {
    hint: `bulkhead logs ${service}\nbulkhead down`,
    exitCode: 1,
    detail: { service, lastLines: words },
  });
}
