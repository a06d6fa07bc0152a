import type { Command, Example, FlagSpec, FlagTable } from "../define-command.ts";
import { GLOBAL_FLAGS, OUTPUT_FLAGS, PROJECT_FLAGS } from "../global-flags.ts";
import type { Look } from "./look.ts";
import { paint } from "./styles.ts";
import { padTo, textWidth } from "./text-width.ts";
import { wrapText } from "./wrap-text.ts";

/** Wider text is hard to read, whatever the terminal. */
const HELP_COLUMNS = 100;

/** `bulkhead help`: every command with its summary. */
export function renderRootHelp(
  commands: readonly Pick<Command, "name" | "summary">[],
  version: string,
  look: Look,
): string {
  const rows = [...commands, { name: "help", summary: "Help for a command: bulkhead help up" }];
  return [
    `${paint(look, "bold", "bulkhead")} ${paint(look, "dim", version)}`,
    "Runs and proves Compose projects of Airflow, MLflow and PostgreSQL, without Docker.",
    "",
    `${paint(look, "bold", "Usage:")} bulkhead [OPTIONS] COMMAND`,
    "",
    paint(look, "bold", "Commands:"),
    ...commandLines(rows, look),
    "",
    paint(look, "bold", "Options:"),
    ...flagLines(
      { ...GLOBAL_FLAGS, version: { long: "version", short: "v", type: "boolean", description: "Print the version" } },
      look,
    ),
  ].join("\n");
}

/** `bulkhead db`: the commands whose names begin with that word. */
export function renderGroupHelp(
  group: string,
  commands: readonly Pick<Command, "name" | "summary">[],
  look: Look,
): string {
  return [
    `${paint(look, "bold", "Usage:")} bulkhead ${group} COMMAND [OPTIONS]`,
    "",
    paint(look, "bold", "Commands:"),
    ...commandLines(
      commands.map(({ name, summary }) => ({ name: name.slice(group.length + 1), summary })),
      look,
    ),
    "",
    `bulkhead ${group} COMMAND --help tells more of one.`,
  ].join("\n");
}

/** `bulkhead COMMAND --help`. */
export function renderCommandHelp(command: Command, look: Look): string {
  const taken = shortsOf(command.flags);
  const groups = [command.flags, ...(command.projectless === true ? [] : [PROJECT_FLAGS]), OUTPUT_FLAGS];
  const width = Math.max(...groups.map((flags) => flagWidth(flags)));
  const own = flagLines(command.flags, look, { width });
  const args = command.positionals.filter(({ description }) => description !== "");
  const argWidth = Math.max(0, ...args.map(({ name }) => name.length));
  return [
    `${paint(look, "bold", "Usage:")} ${renderUsage(command)}`,
    "",
    ...wrapText(command.description, Math.min(HELP_COLUMNS, look.width)),
    ...(args.length === 0
      ? []
      : [
          "",
          paint(look, "bold", "Arguments:"),
          ...args.map(({ name, description }) => `  ${padTo(name, argWidth)}  ${description}`),
        ]),
    ...(own.length === 0 ? [] : ["", paint(look, "bold", "Options:"), ...own]),
    ...(command.projectless === true
      ? []
      : ["", paint(look, "bold", "Project:"), ...flagLines(PROJECT_FLAGS, look, { width, taken })]),
    "",
    paint(look, "bold", "Output:"),
    ...flagLines(OUTPUT_FLAGS, look, { width, taken }),
    ...exampleLines(command.examples, look),
  ].join("\n");
}

/** `bulkhead exec [OPTIONS] SERVICE COMMAND [ARG...]`. */
export function renderUsage(command: Command): string {
  const positionals = command.positionals.map(({ name, required, repeatable }) => {
    const text = repeatable ? `${name}...` : name;
    return required ? text : `[${text}]`;
  });
  return ["bulkhead", command.name, "[OPTIONS]", ...positionals].join(" ");
}

/** `-t, --timeout SECONDS`, as help and docs write a flag. `taken` are letters that mean something else here. */
export function renderFlagName(spec: FlagSpec, taken: ReadonlySet<string> = new Set()): string {
  const words = spec.choices?.join("|") ?? spec.value ?? "VALUE";
  const value = spec.type === "boolean" ? "" : spec.bare === undefined ? ` ${words}` : `[=${words}]`;
  return spec.short === undefined || taken.has(spec.short)
    ? `--${spec.long}${value}`
    : `-${spec.short}, --${spec.long}${value}`;
}

/** The short letters of a command's own flags. */
export function shortsOf(flags: FlagTable): ReadonlySet<string> {
  return new Set(Object.values(flags).flatMap(({ short }) => (short === undefined ? [] : [short])));
}

function commandLines(commands: readonly Pick<Command, "name" | "summary">[], look: Look): readonly string[] {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return commands.map(({ name, summary }) => `  ${paint(look, "cyan", padTo(name, width))}  ${summary}`);
}

function flagLines(
  flags: FlagTable,
  look: Look,
  { width = flagWidth(flags), taken }: { width?: number; taken?: ReadonlySet<string> } = {},
): readonly string[] {
  const room = Math.min(HELP_COLUMNS, look.width) - width - 4;
  return Object.values(flags).flatMap((spec) => {
    const [first = "", ...more] = wrapText(spec.description, Math.max(24, room));
    return [
      `  ${padTo(indentedName(spec, taken), width)}  ${first}`,
      ...more.map((line) => `${" ".repeat(width + 4)}${line}`),
    ];
  });
}

function flagWidth(flags: FlagTable): number {
  return Math.max(0, ...Object.values(flags).map((spec) => textWidth(indentedName(spec))));
}

/** Long names stand below each other whether or not there is a letter. */
function indentedName(spec: FlagSpec, taken?: ReadonlySet<string>): string {
  const name = renderFlagName(spec, taken);
  return name.startsWith("--") ? `    ${name}` : name;
}

function exampleLines(examples: readonly Example[], look: Look): readonly string[] {
  if (examples.length === 0) return [];
  const width = Math.max(...examples.map(({ line }) => line.length));
  return [
    "",
    paint(look, "bold", "Examples:"),
    ...examples.map(({ line, says }) => `  ${padTo(line, width)}  ${paint(look, "dim", says)}`),
  ];
}
