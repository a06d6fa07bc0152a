import { relative } from "node:path";
import { scanDags } from "../../../topology/scan-dags.ts";
import type { DoctorAnswer, DoctorCheck } from "../doctor-check.ts";

/** Paths of the container that DAGs write out: the native engine maps what the file says, not what code says. */
export const nativePaths: DoctorCheck = {
  id: "native-paths",
  title: "Paths in DAGs",
  scope: "stack",
  questions: ({ io, stack }) => {
    if (stack === undefined || stack.session.engine !== "native") return [];
    const { project, topology } = stack.session;
    return topology.apps
      .filter(({ product }) => product === "airflow")
      .map(({ id, services }) => ({
        subject: id,
        ask: async () => {
          const roles = services.flatMap((service) => topology.services[service] ?? []);
          const found = roles.flatMap((role) => scanDags(project, role, io.sources).paths);
          const lines = found.map(({ file, line, path }) => `${relative(project.directory, file)}:${line} (${path})`);
          return judgePaths([...new Set(lines)]);
        },
      }));
  },
};

/** Judges the lines that hold one, `dags/a.py:3 (/opt/airflow/data)`. Pure. */
export function judgePaths(lines: readonly string[]): DoctorAnswer {
  if (lines.length === 0) return { outcome: "ok", fact: "none of the container's" };
  const more = lines.length > 3 ? `, and ${lines.length - 3} more` : "";
  return {
    outcome: "warn",
    fact: `not mapped natively: ${lines.slice(0, 3).join(", ")}${more}`,
    cure: "Read them from an environment variable that the Compose file sets; its values are mapped.",
  };
}
