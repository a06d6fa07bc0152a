import { ToolError } from "../core/tool-error.ts";

/** A command line that was not understood: exit 2, with the help that would have told. */
export function usageError(message: string, more: { command?: string; hint?: string } = {}): ToolError {
  const help = `bulkhead ${more.command === undefined ? "help" : `${more.command} --help`}`;
  return new ToolError("COMMAND_USAGE", message, { hint: more.hint === undefined ? help : `${more.hint}\n${help}` });
}
