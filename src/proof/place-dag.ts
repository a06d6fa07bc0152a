import { dirname, join } from "node:path";

import type { ServiceAccess } from "../engine/service-access.ts";
import { airflowHome, type AirflowApp, type AirflowService } from "./airflow-app.ts";
import type { ProofContext, StepOutcome } from "./proof-context.ts";
import { proofIdPattern, type ProofNames } from "./proof-names.ts";

/**
 * The bundles of 3.x that are folders (`[dag_processor] dag_bundle_config_list`); undefined: not set, so
 * there is the DAGs folder alone. `path` undefined: that folder.
 */
function localBundles({ access }: AirflowService): readonly { readonly path: string | undefined }[] | undefined {
  const written = access.env["AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST"];
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

/** Where a service looks for DAG files: the setting, else its own airflow.cfg, else Airflow's default. */
async function dagsFolder(service: AirflowService): Promise<string> {
  const { env, files } = service.access;
  const home = airflowHome(service);
  const set = localBundles(service)?.[0]?.path ?? env["AIRFLOW__CORE__DAGS_FOLDER"];
  if (set !== undefined) return set;
  const configuration = await files.readTextIfPresent(env["AIRFLOW_CONFIG"] ?? join(home, "airflow.cfg"));
  return /^\s*dags_folder\s*=\s*(\/\S.*?)\s*$/m.exec(configuration ?? "")?.[1] ?? join(home, "dags");
}

/** A folder, and a service that sees it. */
interface DagsFolder {
  readonly access: ServiceAccess;
  readonly path: string;
}

/** The DAG folders of the services that parse or run DAGs, links resolved, each once; the parser's own first. */
export async function listDagsFolders(airflow: AirflowApp): Promise<readonly DagsFolder[]> {
  const folders = new Map<string, DagsFolder>();
  for (const service of new Set([airflow.parser, airflow.scheduler, airflow.runner])) {
    if (service === undefined) continue;
    const { access } = service;
    const path = await access.files.realPath(await dagsFolder(service));
    const place = access.files.identify(path);
    if (!folders.has(place)) folders.set(place, { access, path });
  }
  return [...folders.values()];
}

/**
 * Writes the proof's DAG where Airflow looks for DAGs: one file on a shared mount, else one for each service. `ok` null:
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
  const folders = await listDagsFolders(airflow);
  if (airflow.parser !== undefined && localBundles(airflow.parser)?.length === 0) {
    return { ok: null, evidence: "cannot: no DAG bundle of this project is a local folder, so no DAG was run" };
  }
  for (const { access, path } of folders) {
    const refusal = await access.files.write(join(path, `${names.id}.py`), text);
    if (refusal !== undefined) {
      return { ok: null, evidence: `cannot: the DAGs folder ${path} is not writable (${refusal}), so no DAG was run` };
    }
  }
  return { ok: true, evidence: folders.map(({ path }) => path).join(", ") };
}

/** Removes DAG files of this and earlier proofs with their compiled forms. Returns what was removed. */
export async function removeDagFiles(airflow: AirflowApp): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const { access, path } of await listDagsFolders(airflow)) {
    const compiled = join(path, "__pycache__");
    const found = await access.files.find([path, compiled], proofFile, 0);
    if (found.length === 0) continue;
    await access.files.remove(found);
    if (found.some((one) => dirname(one) === compiled)) await access.files.removeEmpty([compiled]);
    removed.push(...found);
  }
  return removed;
}

/** `bulkhead_proof_x.py`, its compiled forms, and the sibling a killed write left (`.bulkhead_proof_x.py.ab12.tmp`). */
const proofFile = new RegExp(`^\\.?${proofIdPattern}\\.`);
