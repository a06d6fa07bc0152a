import type { CheckResult } from "../../../actions/check.ts";
import { findingJson } from "./finding-json.ts";

/** The payload of `check --json` (docs/schema/check.schema.json). */
export function checkJson({ projects, texts }: CheckResult): Readonly<Record<string, unknown>> {
  return {
    projects: projects.map(({ name, directory, files, gaps }) => ({
      name: name ?? null,
      directory,
      files,
      gaps: gaps.map(({ kind, message, span }) => ({
        kind,
        message,
        file: span?.file ?? null,
        line: span?.line ?? null,
        column: span?.column ?? null,
      })),
    })),
    findings: projects.flatMap(({ name, findings }) =>
      findings.map((finding) => findingJson(finding, { project: name ?? null, texts })),
    ),
    ignored: projects.flatMap(({ name, ignored }) =>
      ignored.map(({ finding, reason }) => ({ ...findingJson(finding, { project: name ?? null, texts }), reason })),
    ),
  };
}
