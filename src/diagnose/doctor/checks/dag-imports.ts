import { askAirflows } from "../ask-airflows.ts";
import type { DoctorAnswer, DoctorCheck } from "../doctor-check.ts";
import { queryAirflow } from "../query-airflow.ts";

/** DAG files that Airflow could not import, as it noted them itself. */
export const dagImports: DoctorCheck = {
  id: "dag-imports",
  title: "DAG files",
  scope: "stack",
  questions: ({ stack }) =>
    askAirflows(stack, async (asked, { id }, signal) => {
      const rows = await queryAirflow(asked, id, signal, (session) =>
        session.query("select filename, stacktrace from import_error order by filename"),
      );
      return judgeErrors(rows.map((row) => [String(row["filename"]), String(row["stacktrace"])]));
    }),
};

/** Pairs of a file and its traceback, whose last line says why. Pure. */
export function judgeErrors(errors: readonly (readonly [file: string, traceback: string])[]): DoctorAnswer {
  const [first] = errors;
  if (first === undefined) return { outcome: "ok", fact: "all were imported" };
  const why = first[1].trimEnd().split("\n").at(-1) ?? "";
  const more = errors.length === 1 ? "" : `, and ${errors.length - 1} more`;
  const missing = /No module named '([^'.]+)/.exec(why)?.[1];
  return {
    outcome: "fail",
    fact: `${first[0]}: ${why}${more}`,
    cure:
      missing === undefined
        ? "bulkhead explain"
        : `Add the package of ${missing} to the image's Dockerfile or requirements, then: bulkhead up`,
  };
}
