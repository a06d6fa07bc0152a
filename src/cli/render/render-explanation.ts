import { relative } from "node:path";
import type { ExplainedCause, ExplainResult } from "../../actions/explain.ts";
import type { Symptom } from "../../diagnose/fold-causes.ts";
import type { Evidence } from "../../diagnose/sighting.ts";
import { readLineTime } from "../../core/read-line-time.ts";
import { renderFrames } from "./findings/frame.ts";
import type { Look } from "./look.ts";
import { paint, type Style } from "./styles.ts";
import { oneLine, truncate } from "./text-width.ts";
import { wrapText } from "./wrap-text.ts";

export interface ExplanationLook {
  readonly look: Look;
  /** Absolute; paths are shown relative to it. */
  readonly cwd: string;
}

const COLUMNS = 110;
const LONGEST_LINE = 300;
const BLOCK_LINES = 12;

/** What logs tell, for people: root causes first, then what is left unexplained, and what is nothing. */
export function renderExplanation(result: ExplainResult, { look, cwd }: ExplanationLook): string {
  const { causes, unexplained, over, noise, unknownErrors, texts, logs } = result;
  const place = (file: string) => {
    const path = relative(cwd, file).replaceAll("\\", "/");
    return path.startsWith("../../..") ? file : path;
  };
  const isKnown = causes.length + unexplained.length > 0;
  const known = new Set([...causes, ...causes.flatMap((one) => one.consequences)].flatMap(({ services }) => services));
  const others = unknownErrors.filter(({ service }) => !isKnown || service === undefined || !known.has(service));
  return [
    ...causes.map((cause) => renderCause(cause, { look, texts, place })),
    ...unexplained.map((symptom) => renderSymptom(symptom, look)),
    ...(isKnown ? otherErrors(others) : renderUnknown(others, logs, look)),
    ...list("Over by itself", over, look),
    ...list("Harmless", noise, look),
  ].join("\n\n");
}

function renderCause(
  cause: ExplainedCause,
  facts: { readonly look: Look; readonly texts: ExplainResult["texts"]; readonly place: (file: string) => string },
): string {
  const { look } = facts;
  const word = (text: string, style: Style = "bold") =>
    paint(look, [style, "bold"], (text === "" ? "" : `${text}:`).padEnd(6));
  const body = (label: string, text: string, style?: Style) => indent(`${word(label, style)} `, text, look);
  return [
    `${paint(look, ["red", "bold"], `cause[${cause.signature}]`)}${paint(look, "bold", `: ${cause.what}`)}`,
    ...(cause.labels.length === 0 ? [] : renderFrames(cause.labels, { ...facts, style: "red" })),
    ...evidenceLines(cause, look),
    ...body("why", cause.why),
    ...body(
      "sure",
      cause.confidence === "certain" ? "yes: the lines leave no other reading" : "likely; other readings are possible",
    ),
    ...cause.consequences.flatMap(({ what, count }, at) => body(at === 0 ? "then" : "", `${what}${times(count)}`)),
    ...cause.cure.flatMap(({ say, run }, at) => [
      ...body(at === 0 ? "cure" : "", say, "green"),
      ...(run === undefined ? [] : [`         ${paint(look, "cyan", run)}`]),
    ]),
  ].join("\n");
}

function renderSymptom(symptom: Symptom, look: Look): string {
  return [
    `${paint(look, ["yellow", "bold"], `consequence[${symptom.signature}]`)}${paint(look, "bold", `: ${symptom.what}`)}`,
    ...evidenceLines(symptom, look),
    ...indent(
      `${paint(look, "bold", "note:".padEnd(6))} `,
      "This is a consequence; what caused it is not in these logs.",
      look,
    ),
  ].join("\n");
}

/** A few lines: the first, and one of each further service. */
function evidenceLines({ evidence, count }: Symptom, look: Look): string[] {
  return evidence.map((one, at) => {
    const head = paint(look, "bold", at === 0 ? "log:  " : "      ");
    const line = `${speaker(one)}${oneLine(one.line).trimStart()}`;
    const often = at === evidence.length - 1 ? times(count) : "";
    return `  ${head} ${truncate(line, Math.min(LONGEST_LINE, look.width - 10 - often.length), "…")}${often}`;
  });
}

/** `mlflow 12:03:04 | `, in UTC as containers write; without the time where the line has one. */
function speaker({ service, time, log, line }: Evidence): string {
  const isTold = time === undefined || readLineTime(line) !== undefined;
  const when = isTold ? "" : ` ${new Date(time).toISOString().slice(11, 19)}`;
  return `${service ?? log}${when} | `;
}

function times(count: number): string {
  return count > 1 ? ` (${count} times)` : "";
}

function otherErrors(errors: readonly Evidence[]): string[] {
  if (errors.length === 0) return [];
  const services = errors.map(({ service, log }) => service ?? log).join(", ");
  return [`Errors that no signature knows stand in the logs of ${services} too.`];
}

function renderUnknown(errors: readonly Evidence[], logs: readonly string[], look: Look): string[] {
  const where = logs.length === 1 ? (logs[0] ?? "") : `${logs.length} logs`;
  if (errors.length === 0) return [`Nothing is wrong in ${where}, as far as it is known here.`];
  return [
    `No known failure in ${where}. The first error of each service:`,
    ...errors.map((error) =>
      [
        paint(look, "bold", speaker(error).replace(/ \| $/, "")),
        ...error.block.slice(-BLOCK_LINES).map((line) => `  ${truncate(oneLine(line), look.width - 2, "…")}`),
      ].join("\n"),
    ),
  ];
}

function list(title: string, symptoms: readonly Symptom[], look: Look): string[] {
  if (symptoms.length === 0) return [];
  return [
    [
      paint(look, "dim", `${title}:`),
      ...symptoms.map(({ what, count }) => paint(look, "dim", `  ${what}${times(count)}`)),
    ].join("\n"),
  ];
}

function indent(head: string, text: string, look: Look): string[] {
  const [first = "", ...more] = wrapText(text, Math.min(COLUMNS, look.width - 9));
  return [`  ${head}${first}`, ...more.map((line) => `         ${line}`)];
}
