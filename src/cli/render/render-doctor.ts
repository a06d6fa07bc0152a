import type { DoctorResult } from "../../actions/doctor.ts";
import type { DoctorRow } from "../../diagnose/doctor/run-checks.ts";
import type { Look } from "./look.ts";
import { paint, type Style } from "./styles.ts";
import { wrapText } from "./wrap-text.ts";

const OUTCOMES = {
  ok: { word: "ok", style: "green" },
  warn: { word: "warn", style: "yellow" },
  fail: { word: "FAIL", style: "red" },
  unknown: { word: "?", style: "dim" },
} as const satisfies Record<DoctorRow["outcome"], { word: string; style: Style }>;

const INDENT = " ".repeat(5);

/** One line a check, with its cure below where there is one; what was fixed, the machine, the stack, then what counts. */
export function renderDoctor({ project, rows, fixed }: DoctorResult, look: Look): string {
  const host = rows.filter(({ scope }) => scope === "host");
  const stack = rows.filter(({ scope }) => scope === "stack");
  return [
    ...(fixed.length === 0 ? [] : [paint(look, "bold", "Fixed"), ...fixed.map((row) => renderFixed(row, look)), ""]),
    paint(look, "bold", "This machine"),
    ...host.flatMap((row) => renderRow(row, look)),
    "",
    paint(look, "bold", project === undefined ? "Stack" : `Stack ${project}`),
    ...stack.flatMap((row) => renderRow(row, look)),
    "",
    renderSummary(rows, look),
  ].join("\n");
}

function renderFixed({ title, failure }: DoctorResult["fixed"][number], look: Look): string {
  return failure === undefined
    ? `${paint(look, "green", "ok  ")} ${title}`
    : `${paint(look, "red", "FAIL")} ${title}: ${failure}`;
}

function renderRow({ title, subject, outcome, fact, cure }: DoctorRow, look: Look): readonly string[] {
  const { word, style } = OUTCOMES[outcome];
  const name = subject === undefined ? title : `${title} ${subject}`;
  const cures = outcome === "ok" ? [] : (cure ?? "").split("\n").filter((line) => line !== "");
  const [first = "", ...more] = wrapText(`${name}: ${fact}`, look.width - INDENT.length);
  const seen = first.slice(0, name.length + 1);
  const dim = outcome === "ok" ? "dim" : undefined;
  return [
    `${paint(look, style, word.padEnd(4))} ${seen}${paint(look, dim, first.slice(seen.length))}`,
    ...more.map((line) => INDENT + paint(look, dim, line)),
    // Not wrapped: they are pasted.
    ...cures.map((line) => INDENT + paint(look, "cyan", line)),
  ];
}

function renderSummary(rows: readonly DoctorRow[], look: Look): string {
  const count = (outcome: DoctorRow["outcome"]): number => rows.filter((row) => row.outcome === outcome).length;
  const failed = count("fail");
  const rest = [
    ...(count("warn") === 0 ? [] : [`${count("warn")} to watch`]),
    ...(count("unknown") === 0 ? [] : [`${count("unknown")} could not be told`]),
  ];
  const head =
    failed === 0 ? paint(look, ["green", "bold"], "Nothing fails") : paint(look, ["red", "bold"], `${failed} failing`);
  return `${[`${head}: ${rows.length} checks`, ...rest].join(", ")}.`;
}
