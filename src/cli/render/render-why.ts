import { relative } from "node:path";
import type { WhyResult } from "../../actions/why.ts";
import type { ChildValue, ValueLife } from "../../compose/life-of-value.ts";
import type { OriginLink } from "../../core/origin.ts";
import { renderFrames } from "./findings/frame.ts";
import type { Look } from "./look.ts";
import { paint } from "./styles.ts";
import { renderTable, type Column } from "./table.ts";

export interface WhyLook {
  readonly look: Look;
  /** Absolute; paths are shown relative to it. */
  readonly cwd: string;
}

/** The life of a value for people: the value, the places that made it, nearest first, and those that lost. */
export function renderWhy(result: WhyResult, { look, cwd }: WhyLook): string {
  const { name, life, texts } = result;
  const place = (file: string) => {
    const path = relative(cwd, file).replaceAll("\\", "/");
    return path.startsWith("../../..") ? file : path;
  };
  const head = `${paint(look, "bold", name)}${life.value === undefined ? "" : ` = ${shown(life.value)}`}`;
  const chain = (links: readonly OriginLink[], describe: (link: OriginLink) => string, style: "green" | "yellow") => {
    const labels = links.flatMap((link) =>
      link.span === undefined ? [] : [{ span: link.span, text: describe(link) }],
    );
    const without = links.filter(({ span }) => span === undefined).map((link) => `  ${describe(link)}`);
    return [...(labels.length === 0 ? [] : renderFrames(labels, { texts, place, style, look })), ...without];
  };
  const blocks = [[head, ...chain(life.steps, describeStep, "green")]];
  if (life.replaced.length > 0)
    blocks.push([paint(look, "bold", "instead of"), ...chain(life.replaced, describeLoser, "yellow")]);
  if (life.children.length > 0) blocks.push(childLines(life, place, look));
  return blocks.map((lines) => lines.join("\n")).join("\n\n");
}

function shown(value: Exclude<ValueLife["value"], undefined>): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

function describeStep({ step, variable, unset }: OriginLink): string {
  const name = variable ?? "the variable";
  switch (step) {
    case "written":
      return "written here";
    case "override":
      return "this file's value counts";
    case "interpolated":
      if (unset === "blank") return `${name} is not set: a blank text`;
      return unset === "defaulted" ? `${name} is not set, its default stands in` : `takes ${name}`;
    case "dotenv":
      return `${name} is set here`;
    case "env-file":
      return "set by this env file";
    case "shell":
      return `${name} is set by the shell`;
    case "anchor":
      return "through this alias";
    case "merge-key":
      return "through this merge key";
    case "extends":
      return "through this extends";
    case "default":
      return "Compose's own default";
    default:
      return step satisfies never;
  }
}

function describeLoser({ step, variable }: OriginLink): string {
  if (step === "shell" || step === "dotenv") return `${variable ?? "the variable"} is set here too`;
  if (step === "default") return "Compose's own default";
  return step === "env-file" ? "this env file's value lost" : "this value lost";
}

function childLines({ children }: ValueLife, place: (file: string) => string, look: Look): string[] {
  const columns: readonly Column<ChildValue>[] = [
    { title: "NAME", cell: ({ path }) => ({ text: String(path.at(-1)) }) },
    { title: "VALUE", cell: ({ value }) => ({ text: value === undefined ? "..." : shown(value) }) },
    {
      title: "FROM",
      cell: ({ step }) => ({
        text: step?.span === undefined ? (step?.step ?? "") : `${place(step.span.file)}:${step.span.line}`,
      }),
    },
  ];
  return [renderTable(columns, children, look)];
}
