import type { TextEdit } from "../../core/fix.ts";
import { parseShell, type ShellCommand } from "../../topology/parse-shell.ts";
import { traceValue } from "../../topology/traced-text.ts";
import { placeLabels } from "../label-place.ts";
import { defineRule, type Fault, type Subject } from "../rule.ts";
import { touchedPaths } from "../touched-paths.ts";
import { shellScripts, type ShellScript } from "../shell-scripts.ts";

/**
 * A script whose options stand on lines of their own. A folded block (`>`) keeps the line break before and after lines
 * that are indented deeper, and to a shell a line break ends the command.
 */
export const commandCutByNewline = defineRule({
  id: "command-cut-by-newline",
  group: "readiness",
  severity: "error",
  fix: "safe",
  summary: "A command of a script that a line break cuts before its options",
  *check(subject) {
    for (const [name, service] of Object.entries(subject.project.services)) {
      for (const script of shellScripts(name, service)) yield* judge(subject, name, script);
    }
  },
});

/** A command and the lines with options that were meant for it. */
interface Cut {
  readonly command: ShellCommand;
  readonly options: readonly [ShellCommand, ...ShellCommand[]];
}

function* judge(subject: Subject, service: string, { script, path, shell }: ShellScript): Iterable<Fault> {
  const cuts = findCuts(withoutCases(parseShell(script)));
  const [first] = cuts;
  if (first === undefined) return;
  const traced = traceValue(script, path);
  const labels = placeLabels(subject.project);
  const lines = cuts.flatMap(({ command, options }) => {
    const shown = shownCommand(command);
    const words = [command, ...options].map((line) => line.words[0]);
    return words.flatMap((word, at) => {
      const texts = [`\`${shown}\` ends with this line`, "a command of its own to the shell"];
      const text = texts[at] ?? "another one";
      return word === undefined ? [] : (labels.slice(traced, word.start, word.end, text) ?? []);
    });
  });
  const option = first.options[0].words[0];
  const optionLine = script.slice(0, option?.start ?? 0).split("\n").length;
  const notFound = option?.text ?? "";
  yield {
    message: `Line breaks cut ${cuts.map(({ command }) => `\`${shownCommand(command)}\``).join(" and ")} of \`${service}\` from ${cuts.length === 1 ? "its" : "their"} options`,
    labels: [lines[1] ?? lines[0] ?? labels.service(service, "its command is cut"), ...lines.slice(0, 1)],
    also: lines.slice(2),
    services: [service],
    evidence: [service, ...cuts.map(({ command }) => shownCommand(command))],
    consequence:
      shell === "bash" ? `bash: line ${optionLine}: ${notFound}: command not found` : `${notFound}: not found`,
    about: [`command ${service}`],
    fix: () => {
      const edits = joinLines(subject, path, script, cuts);
      if (edits === undefined) return undefined;
      const touches = touchedPaths(subject.project, edits);
      return {
        class: "safe",
        title: `Continue ${cuts.map(({ command }) => `\`${shownCommand(command)}\``).join(" and ")} over the line ends`,
        edits,
        touches,
        reveals: touches.flatMap(([, name = ""]) => name),
      };
    },
  };
}

/** In a `case`, a line such as `-h) ...` is a pattern. */
function withoutCases(commands: readonly ShellCommand[]): readonly ShellCommand[] {
  let depth = 0;
  return commands.filter(({ words }) => {
    const keywords = words.map(({ text }) => text);
    if (keywords[0] === "case") depth += 1;
    const isOutside = depth === 0;
    if (keywords.includes("esac")) depth = Math.max(0, depth - 1);
    return isOutside;
  });
}

function findCuts(commands: readonly ShellCommand[]): readonly Cut[] {
  const cuts: Cut[] = [];
  for (let at = 0; at < commands.length; at += 1) {
    const command = commands[at];
    const options: ShellCommand[] = [];
    while (commands[at]?.separator === "\n" && isOption(commands[at + 1])) {
      at += 1;
      options.push(commands[at] as ShellCommand);
    }
    const [first, ...others] = options;
    if (command !== undefined && first !== undefined) cuts.push({ command, options: [first, ...others] });
  }
  return cuts;
}

function isOption(command: ShellCommand | undefined): boolean {
  return command !== undefined && command.assignments.length === 0 && /^--?[A-Za-z]/.test(command.words[0]?.text ?? "");
}

/** The words before the first option, at most three: `airflow users create`. */
function shownCommand({ words }: ShellCommand): string {
  const texts = words.map(({ text }) => text);
  const option = texts.findIndex((text) => text.startsWith("-"));
  return texts.slice(0, Math.min(3, option < 0 ? 3 : option)).join(" ");
}

/** A backslash before each line break; blank lines between go, because the command would end there. */
function joinLines(
  { edit }: Subject,
  path: readonly (string | number)[],
  script: string,
  cuts: readonly Cut[],
): readonly TextEdit[] | undefined {
  return edit.sequence(
    cuts
      .flatMap(({ command, options }) =>
        options.map((line, at) => ({ before: at === 0 ? command : options[at - 1], line })),
      )
      .toReversed()
      .map(({ before, line }) => (kit) => {
        const last = before?.words.at(-1) ?? before?.assignments.at(-1);
        const next = line.words[0];
        if (last === undefined || next === undefined) return undefined;
        const end = script.lastIndexOf("\n", next.start);
        return script.slice(last.end, end).trim() === "" ? kit.replaceSlice(path, last.end, end, " \\") : undefined;
      }),
  );
}
