import { parseShell, type ShellCommand } from "../topology/parse-shell.ts";
import type { Subject } from "./rule.ts";

/** One command of a health check, variables of the container put in; undefined words cannot be known. */
export interface CheckCommand {
  readonly words: readonly (string | undefined)[];
  readonly separator: ShellCommand["separator"];
}

export interface HealthcheckCommands {
  readonly commands: readonly CheckCommand[];
  readonly isShell: boolean;
  /** The word of `test` that holds the program or the script. */
  readonly word: number;
}

/** The commands a service's own health check runs, in order; none for one that the image brings. */
export function healthcheckCommands({ project, topology }: Subject, service: string): HealthcheckCommands {
  const [kind, ...words] = project.services[service]?.healthcheck?.test ?? [];
  if (kind === "CMD" && !isShellCall(words)) return { commands: [{ words, separator: "" }], isShell: false, word: 1 };
  const script = kind === "CMD-SHELL" ? words[0] : kind === "CMD" ? words[2] : undefined;
  const environment = topology.services[service]?.environment ?? {};
  return {
    commands: parseShell(script ?? "").map((command) => ({
      words: command.words.filter(({ text }) => !/^\d*[<>]/.test(text)).map(({ text }) => expand(text, environment)),
      separator: command.separator,
    })),
    isShell: true,
    word: kind === "CMD-SHELL" ? 1 : 3,
  };
}

function isShellCall(words: readonly string[]): boolean {
  return /(^|\/)(ba|da)?sh$/.test(words[0] ?? "") && words[1] === "-c" && words.length === 3;
}

/** `$X`, `${X}` and `${X:-d}`; a word with anything else that a shell would work out is unknown. */
function expand(text: string, environment: Readonly<Record<string, string>>): string | undefined {
  const expanded = text.replace(
    /\$(?:\{(\w+)(?::?-([^${}]*))?\}|(\w+))/g,
    (whole, braced: string | undefined, fallback: string | undefined, plain: string | undefined) =>
      environment[braced ?? plain ?? ""] ?? fallback ?? whole,
  );
  return /[$`]/.test(expanded) ? undefined : expanded;
}
