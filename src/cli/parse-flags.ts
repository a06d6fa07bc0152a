import { parseArgs } from "node:util";
import type { FlagSpec, FlagTable, FlagValues } from "./define-command.ts";
import { suggest } from "./suggest.ts";
import { usageError } from "./usage-error.ts";

export interface FlagsParsed<F extends FlagTable> {
  readonly values: FlagValues<F>;
  readonly positionals: readonly string[];
  /** With `stopAtPositional`: everything from the first positional on, untouched. */
  readonly rest: readonly string[];
}

export interface ParseFlagsOptions {
  /** Flags end at the first word that is none, as in `docker compose exec`. */
  readonly stopAtPositional?: boolean;
  /** Named in errors; absent: the line before the command's name. */
  readonly command?: string;
}

/**
 * Understands flags by their table, with the habits of Docker's command line: `--flag value`, `--flag=value`, `-fvalue`,
 * grouped short flags, `--boolean=false`, and a value may begin with a dash. Throws ToolError COMMAND_USAGE for unknown
 * flags (with the nearest known one) and for values of the wrong kind.
 */
export function parseFlags<F extends FlagTable>(
  args: readonly string[],
  table: F,
  options: ParseFlagsOptions = {},
): FlagsParsed<F> {
  const specs = Object.values(table);
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(specs.map((spec) => [spec.long, parseArgsOption(spec)])),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });

  const given = new Map<string, string[]>();
  const positionals: string[] = [];
  let rest: readonly string[] = [];
  for (const token of tokens) {
    if (token.kind === "option") {
      const spec = specs.find((candidate) => candidate.long === token.name);
      if (spec === undefined) throw unknownFlag(token.rawName, specs, options.command);
      given.set(spec.long, [
        ...(given.get(spec.long) ?? []),
        givenText(spec, token.rawName, token.value, options.command),
      ]);
    } else if (options.stopAtPositional === true) {
      rest = args.slice(token.kind === "option-terminator" ? token.index + 1 : token.index);
      break;
    } else if (token.kind === "positional") {
      positionals.push(token.value);
    }
  }

  const values = Object.fromEntries(
    Object.entries(table).map(([key, spec]) => [key, flagValue(spec, given.get(spec.long) ?? [], options.command)]),
  );
  return { values: values as FlagValues<F>, positionals, rest };
}

function parseArgsOption(spec: FlagSpec): { type: "boolean" | "string"; short?: string; multiple: true } {
  return {
    type: spec.type === "boolean" || spec.bare !== undefined ? "boolean" : "string",
    multiple: true,
    ...(spec.short === undefined ? {} : { short: spec.short }),
  };
}

function unknownFlag(rawName: string, specs: readonly FlagSpec[], command: string | undefined): Error {
  const typed = rawName.replace(/^-+/, "");
  const near =
    typed.length === 1
      ? specs.find((spec) => spec.short?.toLowerCase() === typed.toLowerCase())?.long
      : suggest(
          typed,
          specs.map((spec) => spec.long),
        );
  return usageError(`${command === undefined ? "bulkhead" : `bulkhead ${command}`} has no flag ${rawName}.`, {
    ...(command === undefined ? {} : { command }),
    ...(near === undefined ? {} : { hint: `Did you mean --${near}?` }),
  });
}

/** One occurrence as text; a boolean becomes `true` or `false`. */
function givenText(spec: FlagSpec, rawName: string, value: string | undefined, command: string | undefined): string {
  const where = command === undefined ? {} : { command };
  if (spec.type === "boolean") {
    if (value === undefined || value === "true") return "true";
    if (value === "false") return "false";
    throw usageError(`${rawName} takes no value, but got ${JSON.stringify(value)}.`, where);
  }
  if (value === undefined && spec.bare !== undefined) return spec.bare;
  if (value === undefined) throw usageError(`${rawName} needs a value: ${rawName} ${spec.value ?? "VALUE"}.`, where);
  return value;
}

function flagValue(
  spec: FlagSpec,
  texts: readonly string[],
  command: string | undefined,
): string | number | boolean | readonly string[] | undefined {
  const last = texts.at(-1);
  const refuse = (expected: string) =>
    usageError(
      `--${spec.long} takes ${expected}, not ${JSON.stringify(last)}.`,
      command === undefined ? {} : { command },
    );
  switch (spec.type) {
    case "boolean":
      return last === "true";
    case "strings":
      return texts;
    case "string":
      return last;
    case "integer":
      if (last === undefined) return undefined;
      if (!/^\d{1,15}$/.test(last)) throw refuse("a whole number");
      return Number(last);
    case "seconds":
      if (last === undefined) return undefined;
      if (!/^\d{1,9}(\.\d+)?s?$/.test(last)) throw refuse("seconds");
      return Number(last.replace(/s$/, ""));
    case "choice":
      if (last === undefined) return undefined;
      if (!(spec.choices ?? []).includes(last)) throw refuse((spec.choices ?? []).join(" or "));
      return last;
  }
}
