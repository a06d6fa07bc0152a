import type { DoctorResult } from "../../actions/doctor.ts";

/** The payload of `doctor --json`: docs/schema/doctor.schema.json. */
export function doctorJson({ project, engine, rows, fixed }: DoctorResult): Readonly<Record<string, unknown>> {
  return {
    project: project ?? null,
    engine: engine ?? null,
    fixed: fixed.map(({ id, subject, title, failure }) => ({
      id,
      subject: subject ?? null,
      title,
      failure: failure ?? null,
    })),
    checks: rows.map(({ id, title, scope, subject, outcome, fact, cure, fix }) => ({
      id,
      title,
      scope,
      subject: subject ?? null,
      outcome,
      fact,
      cure: cure ?? null,
      fixable: fix !== undefined,
    })),
  };
}
