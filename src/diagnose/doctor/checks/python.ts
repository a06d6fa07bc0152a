import { findRelease } from "../../../catalog/find-release.ts";
import { airflowReleases } from "../../../catalog/airflow/versions.ts";
import { mlflowReleases } from "../../../catalog/mlflow/versions.ts";
import { isToolError } from "../../../core/tool-error.ts";
import { choosePython } from "../../../supply/choose-python.ts";
import { findPythons, type FoundPythons } from "../../../supply/find-pythons.ts";
import type { ServiceRole } from "../../../topology/topology.ts";
import type { DoctorAnswer, DoctorCheck } from "../doctor-check.ts";

/** A Python for each release that the native engine runs. uv is fetched where there is none, so it is no condition. */
export const python: DoctorCheck = {
  id: "python",
  title: "Python",
  scope: "host",
  // At first every interpreter of the machine is started; later their answers are known.
  limitMs: 20_000,
  questions: ({ engine, supply, stack }) => {
    if (engine === "docker") return [];
    let pythons: Promise<FoundPythons> | undefined;
    const find = (signal: AbortSignal): Promise<FoundPythons> => (pythons ??= findPythons({ ...supply, signal }));
    const releases = new Map(
      Object.values(stack?.session.topology.services ?? {}).flatMap((role) =>
        role.base === undefined || role.base.product === "postgres"
          ? []
          : [[`${role.base.product} ${role.base.version}`, role] as const],
      ),
    );
    return releases.size === 0
      ? [{ ask: async (signal) => tellFound(await find(signal)) }]
      : [...releases].map(([subject, role]) => ({
          subject,
          ask: async (signal: AbortSignal) => tellChoice(role, await find(signal)),
        }));
  },
};

function tellFound({ usable }: FoundPythons): DoctorAnswer {
  const newest = usable.at(-1);
  return newest === undefined
    ? { outcome: "fail", fact: "no Python that services could use", cure: "sudo apt-get install python3" }
    : { outcome: "ok", fact: [...new Set(usable.map(({ series }) => series))].join(", ") };
}

function tellChoice({ base, python }: ServiceRole, found: FoundPythons): DoctorAnswer {
  if (base === undefined || base.product === "postgres") return { outcome: "ok", fact: "none needed" };
  const { product, version } = base;
  try {
    const { supportedPython } = findRelease(product === "airflow" ? airflowReleases : mlflowReleases, version);
    const chosen = choosePython({ product, version, preferredPython: python, supportedPython }, found);
    return { outcome: "ok", fact: `Python ${chosen.version} (${chosen.path})` };
  } catch (error) {
    if (!isToolError(error)) throw error;
    return { outcome: "fail", fact: error.message, cure: error.hint };
  }
}
