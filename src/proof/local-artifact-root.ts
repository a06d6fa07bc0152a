import { join } from "node:path";

import type { MlflowApp } from "./mlflow-app.ts";

/** Where the server keeps artifacts it serves, when that is on this disk: `--artifacts-destination`, as mapped. */
export function localArtifactRoot(mlflow: MlflowApp): string | undefined {
  const { argv, env, cwd } = mlflow.spec;
  const written =
    /--artifacts-destination[= ]+["']?([^\s"']+)/.exec(argv.join(" "))?.[1] ??
    env["MLFLOW_ARTIFACTS_DESTINATION"] ??
    "./mlartifacts";
  if (/^(?!file:)\w[\w+.-]*:\/\//.test(written)) return undefined;
  const path = written.replace(/^file:(\/\/)?/, "");
  return path.startsWith("/") ? path : join(cwd, path);
}
