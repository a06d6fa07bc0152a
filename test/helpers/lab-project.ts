import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { SplitProject } from "../../src/postgres/split/split-context.ts";
import { openTestAccess } from "./open-test-access.ts";

/** A project whose services are names in a file, so that another process sees what runs. Its new server runs already. */
export interface LabProject {
  /** Holds `running.json` and the edited files. */
  readonly directory: string;
  /** The server of the service `postgres-mlflow`: a database `mlflow` that is empty, and is emptied by `discard`. */
  readonly targetUrl: string;
}

export function createLabProject({ directory, targetUrl }: LabProject): SplitProject {
  const path = join(directory, "running.json");
  const read = async (): Promise<readonly string[]> => JSON.parse(await readFile(path, "utf8")) as readonly string[];
  const change = async (edit: (running: readonly string[]) => readonly string[]): Promise<void> => {
    const next = edit(await read());
    // Whoever is killed while it writes leaves the old list.
    await writeFile(`${path}.new`, JSON.stringify(next.toSorted()));
    await rename(`${path}.new`, path);
  };
  const start: SplitProject["start"] = (services) => change((running) => [...new Set([...running, ...services])]);
  const stop: SplitProject["stop"] = (services) =>
    change((running) => running.filter((one) => !services.includes(one)));
  return {
    running: async (services) => (await read()).filter((one) => services.includes(one)),
    start,
    stop,
    startAgain: start,
    discard: async (services, signal) => {
      await stop(services, signal);
      const session = await (await openTestAccess(targetUrl, signal)).connect("postgres", signal);
      await session.query("DROP DATABASE IF EXISTS mlflow WITH (FORCE)");
      await session.query("CREATE DATABASE mlflow");
      await session.close();
    },
    ask: (part) => Promise.resolve(`${part} is fine`),
  };
}
