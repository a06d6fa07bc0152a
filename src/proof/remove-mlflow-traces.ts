import { dirname, join } from "node:path";

import { isHttpFailure } from "../ports/http.ts";
import type { AirflowService } from "./airflow-app.ts";
import { countThings } from "./count-things.ts";
import { deleteRows } from "./delete-rows.ts";
import { localArtifactRoot } from "./local-artifact-root.ts";
import type { MlflowApp } from "./mlflow-app.ts";
import type { ProofContext } from "./proof-context.ts";
import { namesProof } from "./proof-names.ts";
import { queryApp } from "./query-app.ts";
import { runInService } from "./run-in-service.ts";

/** Where a proof may have left traces in MLflow. */
interface MlflowTraces {
  readonly mlflow: MlflowApp;
  /** The service that logs to it; undefined: none does. */
  readonly writer: AirflowService | undefined;
  /** Of a run whose row may be gone. */
  readonly artifactUri: string | undefined;
}

/**
 * Removes what this and earlier proofs made in an MLflow: artifacts, then the experiment with all that depends on it.
 * Not by `mlflow gc`, which also deletes for good what the user has moved to the trash.
 */
export async function removeMlflowTraces(
  context: ProofContext,
  { mlflow, writer, artifactUri }: MlflowTraces,
): Promise<readonly string[]> {
  if (mlflow.database === undefined) return [];
  return queryApp(context.session.home.ports.sql, mlflow.database, async (session) => {
    const condition = namesProof("name");
    const experiments = await session.query(
      `select experiment_id::text as id, artifact_location as uri from experiments where ${condition}`,
    );
    if (experiments.length === 0) return [];
    const runs = await session.query(
      `select artifact_uri as uri from runs where experiment_id in (select experiment_id from experiments where ${condition})`,
    );
    const uris = new Set([
      ...runs.map((row) => String(row["uri"])),
      ...(artifactUri === undefined ? [] : [artifactUri]),
    ]);
    const emptied = experiments.map((row) => String(row["uri"]));
    await removeArtifacts(context, { mlflow, writer }, [...uris], emptied);
    await deleteRows(session, [{ table: "experiments", condition }]);
    return [countThings(experiments.length, "MLflow experiment"), countThings(runs.length, "run")];
  });
}

async function removeArtifacts(
  context: ProofContext,
  { mlflow, writer }: Pick<MlflowTraces, "mlflow" | "writer">,
  uris: readonly string[],
  emptied: readonly string[],
): Promise<void> {
  const { http } = context.session.home.ports;
  const remote: string[] = [];
  const local: string[] = [];
  for (const uri of uris) {
    const folder = localFolder(mlflow, uri);
    const proxied = /^mlflow-artifacts:(?:\/\/[^/]*)?\/(.*)$/.exec(uri)?.[1];
    if (folder !== undefined) local.push(folder);
    else if (proxied !== undefined) {
      const answer = await http.request({
        method: "DELETE",
        url: `${mlflow.address.baseUrl}${mlflow.address.prefix}/api/2.0/mlflow-artifacts/artifacts/${proxied}`,
        headers: { host: mlflow.address.hostHeader, ...mlflow.login },
        timeoutMs: 30_000,
        signal: context.signal,
      });
      if (isHttpFailure(answer) || answer.status >= 300) throw new Error(`artifacts of ${uri} were not deleted`);
    } else remote.push(uri);
  }
  const parents = [
    ...local.map((folder) => dirname(folder)),
    ...emptied.flatMap((uri) => localFolder(mlflow, uri) ?? []),
  ];
  // What a client wrote by itself may lie in its own container only.
  for (const { files } of [mlflow.access, ...(writer === undefined ? [] : [writer.access])]) {
    if (local.length > 0) await files.remove(local);
    if (parents.length > 0) await files.removeEmpty([...new Set(parents)]);
  }
  if (remote.length === 0) return;
  const { exitCode, stderr } = await runInService(context, mlflow.access, "proof_artifacts.py", remote);
  if (exitCode !== 0)
    throw new Error(`artifacts of ${remote.join(", ")} were not deleted: ${stderr.trim().split("\n").at(-1) ?? ""}`);
}

/** The folder on its container's disk that an artifact URI means, whether the server or a client writes it. */
function localFolder(mlflow: MlflowApp, uri: string): string | undefined {
  if (/^(file:|\/)/.test(uri)) return uri.replace(/^file:(\/\/)?/, "");
  const proxied = /^mlflow-artifacts:(?:\/\/[^/]*)?\/(.+)$/.exec(uri)?.[1];
  const root = localArtifactRoot(mlflow);
  return proxied === undefined || root === undefined ? undefined : join(root, proxied);
}
