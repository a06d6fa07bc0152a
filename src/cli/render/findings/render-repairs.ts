import { relative } from "node:path";
import type { FixResult } from "../../../actions/fix.ts";
import type { Look } from "../look.ts";
import { marks, paint } from "../styles.ts";
import { renderDiff } from "./render-diff.ts";

export interface RepairLook {
  readonly look: Look;
  /** Absolute; paths are shown relative to it. */
  readonly cwd: string;
  /** Show the edits. */
  readonly diff: boolean;
}

/** What `check --fix` did, as text and as the payload's `fixes` (docs/schema/check.schema.json). */
export function renderRepairs(
  { repairs, written }: FixResult,
  { look, cwd, diff }: RepairLook,
): { readonly text: string; readonly json: Readonly<Record<string, unknown>> } {
  const place = (file: string) => relative(cwd, file).replaceAll("\\", "/");
  const fixed = repairs.flatMap((repair) => repair.fixed);
  const refused = repairs.flatMap((repair) => repair.refused);
  const secrets = repairs.flatMap((repair) => repair.secrets);
  const diffIn = (as: Look) =>
    repairs.flatMap(({ edits, texts }) => renderDiff(edits, { texts, place, secrets, look: as })).join("\n");
  const done = written.length > 0 ? "fixed" : "would fix";
  const lines = [
    ...fixed.flatMap(({ fix, finding }) => [
      `${paint(look, "green", marks(look).done)} ${done} ${paint(look, "bold", finding.rule)}: ${fix.title}`,
      ...(fix.remark === undefined ? [] : [`    ${fix.remark}`]),
    ]),
    ...refused.map(
      ({ fix, finding }) =>
        `${paint(look, "yellow", marks(look).warning)} not fixed ${paint(look, "bold", finding.rule)}: ${fix.title} (${fix.refused})`,
    ),
    ...(written.length === 0 ? [] : [`Wrote ${written.map(place).join(", ")}.`]),
    ...(fixed.length + refused.length === 0 ? ["Nothing to fix."] : []),
  ];
  const shown = diff ? diffIn(look) : "";
  return {
    text: [shown, lines.join("\n")].filter((part) => part !== "").join("\n\n"),
    json: {
      applied: fixed.map(({ finding, fix }) => ({
        rule: finding.rule,
        title: fix.title,
        class: fix.class,
        remark: fix.remark ?? null,
      })),
      refused: refused.map(({ finding, fix }) => ({ rule: finding.rule, title: fix.title, reason: fix.refused })),
      files: written,
      diff: diffIn({ ...look, colour: false }),
    },
  };
}
