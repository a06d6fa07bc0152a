import { styleText } from "node:util";
import type { Look } from "./look.ts";

export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan" | "magenta" | "blue";

/** The text in a style where colours are wanted, else the text itself. */
export function paint(look: Pick<Look, "colour">, style: Style | readonly Style[] | undefined, text: string): string {
  if (!look.colour || style === undefined || text === "") return text;
  return styleText(typeof style === "string" ? style : [...style], text, { validateStream: false });
}

/** The few marks used, with their ASCII stand-ins. */
export function marks(look: Pick<Look, "unicode">) {
  return look.unicode
    ? {
        done: "✔",
        failed: "✘",
        idle: "·",
        warning: "!",
        ellipsis: "…",
        spinner: ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"],
      }
    : { done: "+", failed: "x", idle: ".", warning: "!", ellipsis: "~", spinner: ["|", "/", "-", "\\"] };
}
