import type { Command, FlagTable, ParsedCommand } from "./define-command.ts";
import { GLOBAL_FLAGS, OUTPUT_FLAGS, ROOT_FLAGS, type GlobalValues } from "./global-flags.ts";
import { parseFlags } from "./parse-flags.ts";
import { usageError } from "./usage-error.ts";

/** The line up to the command's name. `name` is undefined when none was given. */
export interface CommandLineHead {
  readonly globals: GlobalValues;
  readonly version: boolean;
  readonly name: string | undefined;
  readonly rest: readonly string[];
}

/** Understands what stands before the command's name: `bulkhead -f x.yaml up ...`. Throws COMMAND_USAGE. */
export function parseHead(args: readonly string[]): CommandLineHead {
  const { values, rest } = parseFlags(args, ROOT_FLAGS, { stopAtPositional: true });
  return { globals: values, version: values.version, name: rest[0], rest: rest.slice(1) };
}

/** Understands what stands between the two words of a name: `bulkhead db --json status`. Throws COMMAND_USAGE. */
export function parseGroupHead(head: CommandLineHead, group: string): CommandLineHead {
  const { values, rest } = parseFlags(head.rest, GLOBAL_FLAGS, { command: group, stopAtPositional: true });
  return { ...head, globals: joinGlobals(head.globals, values), name: rest[0], rest: rest.slice(1) };
}

/**
 * Understands what stands after the command's name. Global flags work here too, except where the command uses the short
 * letter itself (`logs -f`). Throws COMMAND_USAGE. With `--help` given, missing arguments are no fault.
 */
export function parseCommand(
  head: CommandLineHead,
  command: Command,
): { globals: GlobalValues; parsed: ParsedCommand<FlagTable> } {
  const table = { ...withoutShorts(globalFlagsOf(command), command.flags), ...command.flags };
  const after = parseFlags(head.rest, table, { command: command.name, stopAtPositional: command.passthrough === true });
  const globals = joinGlobals(head.globals, after.values);
  const positionals = command.passthrough === true ? withoutTerminator(after.rest) : after.positionals;
  if (!globals.help) {
    refuseProjectFlags(command, head.globals);
    refuseWrongCount(command, positionals);
  }
  return { globals, parsed: { flags: after.values, positionals } };
}

/** The global flags a command takes. */
export function globalFlagsOf(command: Command): FlagTable {
  return command.projectless === true ? OUTPUT_FLAGS : GLOBAL_FLAGS;
}

/** The table without the short letters that the command uses itself. */
function withoutShorts(table: FlagTable, own: FlagTable): FlagTable {
  const taken = new Set(Object.values(own).flatMap((spec) => (spec.short === undefined ? [] : [spec.short])));
  return Object.fromEntries(
    Object.entries(table).map(([key, spec]) => {
      if (spec.short === undefined || !taken.has(spec.short)) return [key, spec];
      const { short: _, ...rest } = spec;
      return [key, rest];
    }),
  );
}

/** Lists add up, of single values the later one counts. */
function joinGlobals(before: GlobalValues, after: Partial<GlobalValues>): GlobalValues {
  return {
    file: [...before.file, ...(after.file ?? [])],
    profile: [...before.profile, ...(after.profile ?? [])],
    envFile: [...before.envFile, ...(after.envFile ?? [])],
    projectName: after.projectName ?? before.projectName,
    projectDirectory: after.projectDirectory ?? before.projectDirectory,
    engine: after.engine ?? before.engine,
    json: before.json || after.json === true,
    jsonEvents: before.jsonEvents || after.jsonEvents === true,
    noColor: before.noColor || after.noColor === true,
    help: before.help || after.help === true,
  };
}

/** `exec web -- ls` means `exec web ls`. */
function withoutTerminator(rest: readonly string[]): readonly string[] {
  return rest[1] === "--" ? [...rest.slice(0, 1), ...rest.slice(2)] : rest;
}

function refuseProjectFlags(command: Command, globals: GlobalValues): void {
  if (command.projectless !== true) return;
  const given =
    globals.file.length > 0 ||
    globals.profile.length > 0 ||
    globals.envFile.length > 0 ||
    globals.projectName !== undefined ||
    globals.projectDirectory !== undefined;
  if (given)
    throw usageError(
      `bulkhead ${command.name} takes no project flags (-f, -p, --profile, --env-file, --project-directory).`,
      { command: command.name },
    );
}

function refuseWrongCount(command: Command, positionals: readonly string[]): void {
  const required = command.positionals.filter((spec) => spec.required);
  const missing = required[positionals.length];
  if (missing !== undefined)
    throw usageError(`bulkhead ${command.name} needs ${missing.name}.`, { command: command.name });
  if (command.positionals.some((spec) => spec.repeatable)) return;
  const extra = positionals[command.positionals.length];
  if (extra !== undefined) {
    throw usageError(`bulkhead ${command.name} has no use for ${JSON.stringify(extra)}.`, { command: command.name });
  }
}
