import type { CommandEntry } from "./command-entry.ts";
import { parseGroupHead, type CommandLineHead } from "./parse-command-line.ts";
import { suggest } from "./suggest.ts";
import { usageError } from "./usage-error.ts";

/** What a line names: a command, with what stands after its name, or a group of commands (`db`) and none of them. */
export type NamedCommand =
  | { readonly entry: CommandEntry; readonly head: CommandLineHead }
  | { readonly group: string; readonly entries: readonly CommandEntry[] };

/**
 * Finds the command that a line names, by one word (`up`) or by two (`db split`); global flags may stand between the
 * two. Throws COMMAND_USAGE, with the nearest known name, for what is no command.
 */
export function findCommand(name: string, head: CommandLineHead, commands: readonly CommandEntry[]): NamedCommand {
  const entry = commands.find((one) => one.name === name);
  if (entry !== undefined) return { entry, head };
  const entries = commands.filter((one) => one.name.startsWith(`${name} `));
  if (entries.length === 0) throw unknownCommand(name, commands);
  const inner = parseGroupHead(head, name);
  if (inner.name === undefined) return { group: name, entries };
  const found = entries.find((one) => one.name === `${name} ${inner.name}`);
  if (found === undefined) throw unknownInGroup(name, inner.name, entries);
  return { entry: found, head: inner };
}

function unknownCommand(name: string, commands: readonly CommandEntry[]): Error {
  const near =
    suggest(
      name,
      commands.flatMap((one) => [one.name, ...one.name.split(" ").slice(0, -1)]),
    ) ?? commands.find((one) => one.name.endsWith(` ${name}`))?.name;
  return usageError(
    `bulkhead has no command ${JSON.stringify(name)}.`,
    near === undefined ? {} : { hint: `Did you mean bulkhead ${near}?` },
  );
}

function unknownInGroup(group: string, name: string, entries: readonly CommandEntry[]): Error {
  const near = suggest(
    name,
    entries.map((one) => one.name.slice(group.length + 1)),
  );
  return usageError(`bulkhead ${group} has no command ${JSON.stringify(name)}.`, {
    command: group,
    ...(near === undefined ? {} : { hint: `Did you mean bulkhead ${group} ${near}?` }),
  });
}
