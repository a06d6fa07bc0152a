import type { Label } from "../../core/finding.ts";
import type { FaultFacts } from "../../compose/compose-fault.ts";
import { findExampleFile } from "../find-example-file.ts";
import { spanOfFault } from "../span-of-fault.ts";
import { defineRule, type Fault, type Subject } from "../rule.ts";

interface MissingUse {
  readonly path: string;
  readonly service: string | undefined;
  readonly label: Label;
}

/** A required `env_file` that is not there: Compose refuses the whole project (docker/compose, Go's stat error). */
export const envFileMissing = defineRule({
  id: "env-file-missing",
  group: "loading",
  severity: "error",
  fix: "behaviour",
  summary: "A required env_file that does not exist",
  *check(subject) {
    const uses = subject.outcome.faults.flatMap((fault): MissingUse[] => {
      if (fault.kind !== "env-file-missing") return [];
      const { path, service }: FaultFacts["env-file-missing"] = fault.data;
      return [
        {
          path,
          service,
          label: {
            span: spanOfFault(fault, subject.project),
            text: fault.span === undefined ? "the project, whose env file the command line names" : "named here",
          },
        },
      ];
    });
    for (const path of new Set(uses.map((use) => use.path))) {
      yield* tell(
        subject,
        path,
        uses.filter((use) => use.path === path),
      );
    }
  },
});

function* tell({ project, sources }: Subject, path: string, uses: readonly MissingUse[]): Iterable<Fault> {
  const [first, ...others] = uses;
  if (first === undefined) return;
  const services = [...new Set(uses.flatMap(({ service }) => service ?? []))];
  const example = findExampleFile(path, sources);
  const isDotenv = path === `${project.directory}/.env`;
  yield {
    message: `The env file \`${relativeTo(project.directory, path)}\` does not exist`,
    labels: [first.label],
    also: others.map(({ label }) => label),
    services,
    evidence: [relativeTo(project.directory, path)],
    consequence: `env file ${path} not found: stat ${path}: no such file or directory`,
    notes: [
      ...(example === undefined ? [] : [`\`${relativeTo(project.directory, example.path)}\` is an example of it`]),
      ...(services.length === 0 ? [] : [`What it sets is not known, so nothing is said about it`]),
    ],
    about: isDotenv ? project.warnings.flatMap(blankVariable) : [],
    fix: () =>
      example && {
        class: "behaviour",
        title: `Create \`${relativeTo(project.directory, path)}\` from \`${relativeTo(project.directory, example.path)}\``,
        edits: [{ file: path, start: 0, end: 0, text: example.text }],
        touches: isDotenv ? [[]] : services.map((service) => ["services", service]),
        reveals: isDotenv ? Object.keys(project.services) : services,
        remark: "Put your own values and passwords in it",
      },
  };
}

/** The project's `.env` also feeds `${NAME}` in the Compose files. */
function blankVariable(warning: Subject["project"]["warnings"][number]): string[] {
  return warning.kind === "blank-variable" ? [`variable ${warning.data.variable}`] : [];
}

function relativeTo(directory: string, path: string): string {
  return path.startsWith(`${directory}/`) ? path.slice(directory.length + 1) : path;
}
