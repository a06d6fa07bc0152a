import type { ActionContext, ProjectOptions } from "../actions/context.ts";
import type { ErrorEntry } from "./envelope.ts";
import type { Look } from "./render/look.ts";

/** A flag as data: feeds parsing, `--help` and docs/cli.md. */
export interface FlagSpec {
  /** Without dashes, as typed: `wait-timeout`. */
  readonly long: string;
  readonly short?: string;
  /** `strings` may be repeated; `seconds` takes whole or decimal seconds. */
  readonly type: "boolean" | "string" | "strings" | "integer" | "seconds" | "choice";
  /** Allowed words of a `choice`. */
  readonly choices?: readonly string[];
  /** The word of a `choice` that the flag alone means; another one is given with `=`: `--fix`, `--fix=behaviour`. */
  readonly bare?: string;
  /** What help calls the value: `SECONDS`. */
  readonly value?: string;
  readonly description: string;
}

export type FlagTable = Readonly<Record<string, FlagSpec>>;

/** The value a flag has after parsing; flags not given are undefined, false or an empty list. */
export type FlagValue<S extends FlagSpec> = S["type"] extends "boolean"
  ? boolean
  : S["type"] extends "strings"
    ? readonly string[]
    : S["type"] extends "integer" | "seconds"
      ? number | undefined
      : S extends { readonly choices: readonly (infer Word)[] }
        ? Word | undefined
        : string | undefined;

export type FlagValues<F extends FlagTable> = { readonly [K in keyof F]: FlagValue<F[K]> };

export interface PositionalSpec {
  /** What help calls it: `SERVICE`. */
  readonly name: string;
  readonly required: boolean;
  readonly repeatable: boolean;
  readonly description: string;
}

/** What the user typed, after the command's own flags were understood. */
export interface ParsedCommand<F extends FlagTable> {
  readonly flags: FlagValues<F>;
  readonly positionals: readonly string[];
}

export interface Example {
  readonly line: string;
  readonly says: string;
}

/** What a command has to work with. */
export interface CommandContext {
  readonly action: ActionContext;
  readonly project: ProjectOptions;
  readonly output: "text" | "json" | "events";
  /** How stdout may look. */
  readonly look: Look;
  /** True when a person sits at both ends: stdin and stdout are terminals. */
  readonly interactive: boolean;
  /** Asks the person a question and says whether the answer was yes; only where `interactive`. */
  readonly confirm: (question: string) => Promise<boolean>;
  /** Writes text to stdout while the command works; does nothing in the JSON modes. Resolves when more may be written. */
  readonly print: (text: string) => Promise<void>;
  /** Writes one more line of `--json-events`; does nothing in the other modes. */
  readonly event: (event: { readonly type: string } & Readonly<Record<string, unknown>>) => Promise<void>;
  /** Ids of the proof steps that were already shown as they finished. */
  readonly shownSteps: ReadonlySet<string>;
}

/** What a command hands back: the envelope's payload, and the text for people. */
export interface CommandOutcome {
  readonly exitCode: number;
  readonly payload: Readonly<Record<string, unknown>>;
  /** Printed to stdout in text mode; empty: nothing. */
  readonly text?: string;
  /** Failures that came with a result: entries, or what was thrown. */
  readonly errors?: readonly (ErrorEntry | Error)[];
  /** Print the object of `--json` although it was not asked for by that flag. */
  readonly asJson?: boolean;
}

export interface CommandDefinition<F extends FlagTable> {
  /** One word, or two for one of a group: `db split` in db-split.ts. */
  readonly name: string;
  /** Place in `bulkhead help`: lower numbers first. */
  readonly order: number;
  /** One line of `bulkhead help`. */
  readonly summary: string;
  /** Paragraphs of `bulkhead help NAME`. */
  readonly description: string;
  readonly examples: readonly Example[];
  readonly flags: F;
  readonly positionals: readonly PositionalSpec[];
  /** Everything after the first positional belongs to the program that is run. */
  readonly passthrough?: boolean;
  /** Takes no project: `-f`, `-p` and the like are refused. */
  readonly projectless?: boolean;
  /** Ctrl-C at the terminal is for the program that is run, not for us. */
  readonly leavesInterrupts?: boolean;
  /** Said at the first Ctrl-C, when ending takes a while. */
  readonly onInterrupt?: string;
  run(context: CommandContext, parsed: ParsedCommand<F>): Promise<CommandOutcome>;
}

export type Command = CommandDefinition<FlagTable>;

/** Gives the definition back with its flags' literal types, so that `run` receives typed values. */
export function defineCommand<const F extends FlagTable>(definition: CommandDefinition<F>): CommandDefinition<F> {
  return definition;
}
