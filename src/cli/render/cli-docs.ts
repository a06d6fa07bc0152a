import type { Command, FlagTable } from "../define-command.ts";
import { OUTPUT_FLAGS, PROJECT_FLAGS } from "../global-flags.ts";
import { renderFlagName, renderUsage } from "./help-text.ts";

/** docs/cli.md: every command with its usage, arguments, flags and examples, as `--help` tells them. */
export function renderCliDocs(commands: readonly Command[]): string {
  return [
    "# Commands",
    "",
    "Generated from the commands themselves by `scripts/generate-cli-docs.mjs`.",
    "",
    ...table(
      ["Command", "What it does"],
      commands.map(({ name, summary }) => [`[\`${name}\`](#bulkhead-${name.replaceAll(" ", "-")})`, summary]),
    ),
    "",
    "## Flags of every command",
    "",
    "They work before and after the command's name. Where a command uses a short letter itself (`logs -f`), that letter has its own meaning after the name.",
    "",
    ...flagTable(OUTPUT_FLAGS),
    "",
    "Which project is meant, for every command that works on one:",
    "",
    ...flagTable(PROJECT_FLAGS),
    "",
    "## Output and exit codes",
    "",
    "Data goes to stdout, everything else to stderr. `--json` prints one object, `--json-events` one object a line with the same object last; their schemas are in [schema/](schema/). `NO_COLOR` and `FORCE_COLOR` are honoured.",
    "",
    ...table(
      ["Exit code", "Meaning"],
      [
        ["0", "fine"],
        ["1", "Bulkhead did its job, and the project or stack is at fault"],
        ["2", "Bulkhead could not do its job"],
        ["130", "interrupted"],
      ],
    ),
    ...commands.flatMap((command) => ["", ...commandSection(command)]),
    "",
  ].join("\n");
}

function commandSection(command: Command): readonly string[] {
  const { name, description, positionals, flags, examples } = command;
  return [
    `## bulkhead ${name}`,
    "",
    "```text",
    renderUsage(command),
    "```",
    "",
    description,
    ...(positionals.length === 0
      ? []
      : [
          "",
          ...table(
            ["Argument", ""],
            positionals.map((positional) => [`\`${positional.name}\``, positional.description]),
          ),
        ]),
    ...(Object.keys(flags).length === 0 ? [] : ["", ...flagTable(flags)]),
    ...(examples.length === 0 ? [] : ["", "```sh", ...examples.map(({ line, says }) => `${line}  # ${says}`), "```"]),
  ];
}

function flagTable(flags: FlagTable): readonly string[] {
  return table(
    ["Flag", ""],
    Object.values(flags).map((spec) => [`\`${renderFlagName(spec)}\``, spec.description]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}
