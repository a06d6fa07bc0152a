import { createHash } from "node:crypto";

import type { AirflowService } from "./airflow-app.ts";
import { askMlflow, type MlflowApp } from "./mlflow-app.ts";
import type { ProofContext, StepOutcome } from "./proof-context.ts";
import type { ProofNames } from "./proof-names.ts";
import type { StoredRun } from "./stored-run.ts";

/**
 * The artifact comes back from MLflow's server with the bytes that were logged. Before that: a local artifact root is
 * written by the client, so unless both containers mount it at the same path a server never sees the file under Docker,
 * while here one disk serves both. `writer`: the service that logged it; undefined when it came through REST.
 */
export async function proveArtifact(
  context: ProofContext,
  mlflow: MlflowApp,
  run: {
    readonly names: ProofNames;
    readonly stored: StoredRun | undefined;
    readonly writer: AirflowService | undefined;
  },
): Promise<StepOutcome> {
  const { names, writer } = run;
  const { stored } = run;
  if (stored === undefined) return { ok: null, evidence: "without its run nothing leads to the artifact" };
  const local = writer === undefined ? undefined : localRootFault(mlflow, writer, stored.artifactUri);
  if (local !== undefined) return { ok: false, evidence: local };
  const query = new URLSearchParams({ path: names.artifact.name, run_uuid: stored.run });
  const answer = await askMlflow(context, mlflow, { path: `/get-artifact?${query.toString()}` });
  const [found, wanted] = [sha256(answer.bytes), sha256(names.artifact.text)];
  return found === wanted
    ? { ok: true, evidence: `${answer.bytes.length} bytes from ${mlflow.role.service}, SHA-256 ${found.slice(0, 16)}` }
    : {
        ok: false,
        evidence: `${mlflow.role.service} gives ${answer.bytes.length} bytes with SHA-256 ${found}, logged was ${wanted}`,
      };
}

/** Why a client in another container could not have written below a local artifact root; undefined when it could. */
function localRootFault(mlflow: MlflowApp, writer: AirflowService, artifactUri: string): string | undefined {
  if (!/^(file:|\/)/.test(artifactUri)) return undefined;
  const path = artifactUri.replace(/^file:(\/\/)?/, "");
  const own = mlflow.access.mountOf(path);
  const theirs = writer.access.mountOf(path);
  if (own !== undefined && own.source === theirs?.source && own.target === theirs.target) return undefined;
  return [
    `the artifact root ${own?.target ?? path} is local, so the client writes artifacts itself: into ${writer.role.service}'s own container, where ${mlflow.role.service} never finds them`,
    `start ${mlflow.role.service} with --artifacts-destination instead of --default-artifact-root, or mount one volume at the same path in both`,
  ].join("\n");
}

function sha256(data: Uint8Array | string): string {
  return createHash("sha256").update(data).digest("hex");
}
