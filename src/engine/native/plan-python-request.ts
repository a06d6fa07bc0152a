import { airflowRequirements } from "../../catalog/airflow/requirements.ts";
import { airflowReleases } from "../../catalog/airflow/versions.ts";
import { findRelease } from "../../catalog/find-release.ts";
import { mlflowRequirements } from "../../catalog/mlflow/requirements.ts";
import { mlflowReleases } from "../../catalog/mlflow/versions.ts";
import type { PythonRequest } from "../../supply/supply.ts";
import type { ServiceRole } from "../../topology/topology.ts";

const dayMs = 86_400_000;

/**
 * What has to be installed for a service of an Airflow or MLflow image: the release's base set as of a week after its
 * day, the project's own pip lines, and the `providers` that its DAGs import. Throws ToolError VERSION_UNKNOWN for a tag no release matches.
 */
export function planPythonRequest(role: ServiceRole, providers: readonly string[] = []): PythonRequest | undefined {
  const base = role.base;
  if (base === undefined || base.product === "postgres") return undefined;
  const releases = base.product === "airflow" ? airflowReleases : mlflowReleases;
  const { version } = base;
  const release = findRelease(releases, version);
  const lines = base.product === "airflow" ? airflowRequirements(version) : mlflowRequirements(version);
  const isNewest = releases.versions.at(-1) === version;
  return {
    product: base.product,
    version,
    preferredPython: role.python,
    supportedPython: release.supportedPython,
    base: lines,
    extras: [...role.pip, ...providers].flatMap((line) =>
      lines.includes(line) ? [] : besideBase(line, base.product === "airflow" ? "apache-airflow" : "mlflow"),
    ),
    resolvedAsOf: isNewest
      ? undefined
      : new Date(Date.parse(release.releasedOn) + 7 * dayMs).toISOString().slice(0, 10),
  };
}

/**
 * What a pip line asks for beside the product: of one that names the product itself (`mlflow[auth]==2.22.0`, as a `FROM
 * python` Dockerfile does) its extras; the release is the base set's.
 */
function besideBase(line: string, distribution: string): readonly string[] {
  const [, name = "", extras] = /^\s*([A-Za-z0-9._-]+)\s*(\[[^\]]*\])?/.exec(line) ?? [];
  if (name.toLowerCase().replaceAll("_", "-") !== distribution) return [line];
  return extras === undefined ? [] : [`${distribution}${extras}`];
}
