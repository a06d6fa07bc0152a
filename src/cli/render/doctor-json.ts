import type { DoctorResult } from "../../actions/doctor.ts";

/** The payload of `doctor --json`: docs/schema/doctor.schema.json. */
export function doctorJson({ project, engine, rows }: DoctorResult): Readonly<Record<string, unknown>> {
  return {
    project: project ?? null,
    engine: engine ?? null,
    checks: rows.map(({ id, title, scope, subject, outcome, fact, cure }) => ({
      id,
      title,
      scope,
      subject: subject ?? null,
      outcome,
      fact,
      cure: cure ?? null,
    })),
  };
}
