import type { BlankUse } from "../../compose/compose-fault.ts";
import { parseDotenv } from "../../compose/parse-dotenv.ts";
import type { Span } from "../../core/span.ts";
import { findExampleFile } from "../find-example-file.ts";
import { defineRule, type Fault, type Subject } from "../rule.ts";

/** Compose puts nothing in the place of a variable that is not set, and only warns. */
export const blankVariable = defineRule({
  id: "blank-variable",
  group: "loading",
  severity: "warning",
  fix: "behaviour",
  summary: "A variable that is not set and has no default",
  hiddenBy: ["env-file-missing", "invalid-compose", "shell-blank-interpolation", "dollar-in-password"],
  *check(subject) {
    const blanks = subject.project.warnings.flatMap((warning) =>
      warning.kind === "blank-variable" ? [warning.data] : [],
    );
    const example = readExample(subject);
    const inExample = blanks.filter(({ variable }) => example?.names.has(variable));
    if (example !== undefined && inExample.length > 0) yield tellMissingDotenv(subject, example, inExample);
    for (const blank of blanks) if (!inExample.includes(blank)) yield* tellVariable(blank);
  },
});

interface Blank {
  readonly variable: string;
  readonly uses: readonly BlankUse[];
}

interface Example {
  readonly path: string;
  readonly text: string;
  readonly names: ReadonlySet<string>;
}

/** The example of a `.env` that is not there. */
function readExample({ project, sources }: Subject): Example | undefined {
  const path = `${project.directory}/.env`;
  if (sources.kindOf(path) !== "missing") return undefined;
  const example = findExampleFile(path, sources);
  if (example === undefined) return undefined;
  const { entries } = parseDotenv(example.text, () => undefined, new Map());
  const names = entries.filter(({ value }) => value !== "").map(({ key }) => key);
  return { ...example, names: new Set(names) };
}

function tellMissingDotenv({ project }: Subject, example: Example, blanks: readonly Blank[]): Fault {
  const [first, ...others] = blanks.flatMap(({ variable, uses }) =>
    places(uses).map((span) => ({ span, text: `\`${variable}\` is blank` })),
  );
  const names = blanks.map(({ variable }) => variable);
  const name = example.path.slice(project.directory.length + 1);
  const start = { file: project.files[0] ?? "", start: 0, end: 0, line: 1, column: 1 };
  return {
    message: `There is no \`.env\`, so ${names.length === 1 ? `\`${names[0]}\`` : `${names.length} variables`} that \`${name}\` sets ${names.length === 1 ? "is" : "are"} blank`,
    labels: [first ?? { span: start, text: "no .env beside this file" }],
    also: others,
    services: servicesOf(blanks.flatMap(({ uses }) => uses)),
    evidence: names,
    consequence: warningLine(names[0] ?? ""),
    about: names.map((variable) => `variable ${variable}`),
    fix: () => ({
      class: "behaviour",
      title: `Create \`.env\` from \`${name}\``,
      edits: [{ file: `${project.directory}/.env`, start: 0, end: 0, text: example.text }],
      touches: [[]],
      reveals: Object.keys(project.services),
      remark: "Put your own values and passwords in it",
    }),
  };
}

function* tellVariable({ variable, uses }: Blank): Iterable<Fault> {
  const [first, ...others] = places(uses);
  if (first === undefined) return;
  yield {
    message: `\`${variable}\` is not set and has no default`,
    labels: [{ span: first, text: "becomes blank" }],
    also: others.map((span) => ({ span, text: "becomes blank" })),
    services: servicesOf(uses),
    evidence: [variable],
    // Airflow's own file asks for it; left out, its containers run as root's group with the image's user.
    severity: variable === "AIRFLOW_UID" ? "info" : "warning",
    consequence: warningLine(variable),
    about: [`variable ${variable}`],
  };
}

/** A use under an anchor is one place, however many services it reaches. */
function places(uses: readonly BlankUse[]): readonly Span[] {
  const spans = uses.flatMap(({ span }) => span ?? []);
  return [...new Map(spans.map((span) => [`${span.file}\n${span.start}`, span])).values()];
}

function servicesOf(uses: readonly BlankUse[]): readonly string[] {
  return [...new Set(uses.flatMap(({ path }) => (path?.[0] === "services" ? (path[1] ?? []) : [])))];
}

function warningLine(variable: string): string {
  return `The "${variable}" variable is not set. Defaulting to a blank string.`;
}
