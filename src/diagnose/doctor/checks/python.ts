import { findRelease } from "../../../catalog/find-release.ts";
import { airflowReleases } from "../../../catalog/airflow/versions.ts";
import { mlflowReleases } from "../../../catalog/mlflow/versions.ts";
import { isToolError } from "../../../core/tool-error.ts";
import { choosePython } from "../../../supply/choose-python.ts";
import { findPythons, type FoundPythons } from "../../../supply/find-pythons.ts";
import type { SupplyContext } from "../../../supply/supply.ts";
import { uvOnPath } from "../../../supply/uv-on-path.ts";
import { uvWheel } from "../../../supply/wheels.ts";
import type { ServiceRole } from "../../../topology/topology.ts";
import type { DoctorAnswer, DoctorCheck } from "../doctor-check.ts";

/** A Python for each release that the native engine runs, and uv, which builds environments. */
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
    const uv = { subject: "uv", ask: (signal: AbortSignal) => askUv({ ...supply, signal }) };
    return releases.size === 0
      ? [uv, { ask: async (signal) => tellFound(await find(signal)) }]
      : [
          uv,
          ...[...releases].map(([subject, role]) => ({
            subject,
            ask: async (signal: AbortSignal) => tellChoice(role, await find(signal)),
          })),
        ];
  },
};

/** Where there is none it is fetched once, so that is no fault. */
async function askUv(supply: SupplyContext): Promise<DoctorAnswer> {
  const found = await uvOnPath(supply);
  if (found !== undefined) return { outcome: "ok", fact: `${found}, on PATH` };
  const wheel = uvWheel(supply.io.host);
  const isCached = wheel !== undefined && (await supply.io.files.exists(`${supply.cache}/uv-${wheel.version}`));
  return { outcome: "ok", fact: isCached ? `${wheel.version}, in the cache` : "none yet: fetched where it is needed" };
}

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
