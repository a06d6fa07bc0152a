import { dirname, join } from "node:path";

import type { Ports } from "../ports/ports.ts";
import { airflowHome, type AirflowApp, type AirflowUnit } from "./airflow-app.ts";
import type { ProofContext, StepOutcome } from "./proof-context.ts";
import { proofIdPattern, type ProofNames } from "./proof-names.ts";

/**
 * The bundles of 3.x that are folders of this machine (`[dag_processor] dag_bundle_config_list`); undefined: not set, so
 * there is the DAGs folder alone. `path` undefined: that folder.
 */
function localBundles(unit: AirflowUnit): readonly { readonly path: string | undefined }[] | undefined {
  const written = unit.spec.env["AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST"];
  if (written === undefined || written.trim() === "") return undefined;
  try {
    const bundles = JSON.parse(written) as { classpath?: string; kwargs?: { path?: string } }[];
    return bundles
      .filter(({ classpath }) => classpath?.endsWith(".LocalDagBundle") === true)
      .map(({ kwargs }) => ({ path: kwargs?.path }));
  } catch {
    return undefined;
  }
}

/** Where a unit looks for DAG files: the setting, else its own airflow.cfg, else Airflow's default. */
async function dagsFolder(files: Ports["files"], unit: AirflowUnit): Promise<string> {
  const home = airflowHome(unit);
  const bundle = localBundles(unit)?.[0]?.path;
  const set = bundle ?? unit.spec.env["AIRFLOW__CORE__DAGS_FOLDER"];
  if (set !== undefined) return set;
  const configuration = await files.readTextIfPresent(unit.spec.env["AIRFLOW_CONFIG"] ?? join(home, "airflow.cfg"));
  return /^\s*dags_folder\s*=\s*(\/\S.*?)\s*$/m.exec(configuration ?? "")?.[1] ?? join(home, "dags");
}

/** The DAG folders of the units that parse or run DAGs, links resolved, each once; the parser's own first. */
export async function listDagsFolders(context: ProofContext, airflow: AirflowApp): Promise<readonly string[]> {
  const { files } = context.session.home.ports;
  const folders = new Set<string>();
  for (const unit of [airflow.parser, airflow.scheduler, airflow.runner]) {
    if (unit === undefined) continue;
    const folder = await dagsFolder(files, unit);
    folders.add((await files.exists(folder)) ? await files.realPath(folder) : folder);
  }
  return [...folders];
}

/**
 * Writes the proof's DAG where Airflow looks for DAGs: one file on a shared mount, else one for each unit. `ok` null:
 * a folder cannot be written here (read-only, or of another account), so no DAG can be proven.
 */
export async function placeDag(
  context: ProofContext,
  airflow: AirflowApp,
  names: ProofNames,
  trackingUri: string | null,
): Promise<StepOutcome> {
  const { ports, resources } = context.session.home;
  const template = await ports.files.readText(join(resources, "python", "proof_dag.py"));
  const { id: dag, word, parameter, metric, artifact } = names;
  const facts = { dag, experiment: dag, word, parameter, metric, artifact, uri: trackingUri };
  const text = template.replace("@PROOF@", () => JSON.stringify(facts));
  const folders = await listDagsFolders(context, airflow);
  if (airflow.parser !== undefined && localBundles(airflow.parser)?.length === 0) {
    return { ok: null, evidence: "cannot: no DAG bundle of this project is a local folder, so no DAG was run" };
  }
  for (const folder of folders) {
    try {
      if (!(await ports.files.exists(folder))) {
        const owner = airflow.parser?.spec.owner;
        await ports.files.makeDirectory(folder, { mode: 0o755, ...(owner === undefined ? {} : { owner }) });
      }
      await ports.files.writeText(join(folder, `${names.id}.py`), text, { mode: 0o644 });
    } catch (error) {
      const code = (error as { code?: unknown }).code;
      if (code !== "EACCES" && code !== "EPERM" && code !== "EROFS") throw error;
      return { ok: null, evidence: `cannot: the DAGs folder ${folder} is not writable (${code}), so no DAG was run` };
    }
  }
  return { ok: true, evidence: folders.join(", ") };
}

/** Removes DAG files of this and earlier proofs with their compiled forms. Returns what was removed. */
export async function removeDagFiles(context: ProofContext, airflow: AirflowApp): Promise<readonly string[]> {
  const { files } = context.session.home.ports;
  const removed: string[] = [];
  for (const folder of await listDagsFolders(context, airflow)) {
    for (const directory of [folder, join(folder, "__pycache__")]) {
      if ((await files.stat(directory))?.kind !== "directory") continue;
      const names = (await files.list(directory)).filter((name) => isProofFile(name));
      for (const name of names) {
        await files.remove(join(directory, name));
        removed.push(join(directory, name));
      }
      const isEmptied = directory !== folder && names.length > 0 && (await files.list(directory)).length === 0;
      if (isEmptied && dirname(directory) === folder) await files.remove(directory);
    }
  }
  return removed;
}

/** `bulkhead_proof_x.py`, its compiled forms, and the sibling a killed write left (`.bulkhead_proof_x.py.ab12.tmp`). */
function isProofFile(name: string): boolean {
  return new RegExp(`^\\.?${proofIdPattern}\\.`).test(name);
}
