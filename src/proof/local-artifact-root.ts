import { join } from "node:path";

import { commandLines } from "../topology/command-lines.ts";
import type { MlflowApp } from "./mlflow-app.ts";

const flag = "--artifacts-destination";

/**
 * Where the server keeps the artifacts it serves, when that is on its own disk: `--artifacts-destination` or its variable; MLflow's default is `./mlartifacts`. Undefined for a store elsewhere (S3, ...). Pure.
 */
export function localArtifactRoot({ access }: Pick<MlflowApp, "access">): string | undefined {
  const written = readFlag(access.argv) ?? access.env["MLFLOW_ARTIFACTS_DESTINATION"] ?? "./mlartifacts";
  if (/^(?!file:)\w[\w+.-]*:\/\//.test(written)) return undefined;
  const path = written.replace(/^file:(\/\/)?/, "");
  return path.startsWith("/") ? path : join(access.workingDirectory, path);
}

function readFlag(argv: readonly string[]): string | undefined {
  for (const words of commandLines(argv)) {
    const at = words.indexOf(flag);
    const joined = words.find((word) => word.startsWith(`${flag}=`));
    const value = at >= 0 ? words[at + 1] : joined?.slice(flag.length + 1);
    if (value !== undefined) return value;
  }
  return undefined;
}
