import { basename } from "node:path";

import type { Project } from "../compose/project.ts";

/** Where a person finds a value: `AIRFLOW_ADMIN_PASSWORD in .env`, or the key in the Compose file. */
export function describeValuePlace(project: Project, path: readonly (string | number)[]): string | undefined {
  const chain = project.origins.at(path)?.chain ?? [];
  const link =
    chain.find((one) => one.step === "dotenv" || one.step === "env-file" || one.step === "shell") ?? chain[0];
  if (link === undefined) return undefined;
  const name = link.variable ?? String(path.at(-1));
  return link.span === undefined ? `${name} in the shell` : `${name} in ${basename(link.span.file)}`;
}
