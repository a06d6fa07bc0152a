import { join } from "node:path";

import type { Ports } from "../ports/ports.ts";

/** What is remembered of a one-shot that succeeded, so that it is not run again for nothing. */
export interface JobRecord {
  readonly hash: string;
  /** `ran`, or `restored` from a migrated template. */
  readonly how: "ran" | "restored";
}

export async function loadJobRecord(files: Ports["files"], unitDirectory: string): Promise<JobRecord | undefined> {
  const text = await files.readTextIfPresent(join(unitDirectory, "job.json"));
  return text === undefined ? undefined : (JSON.parse(text) as JobRecord);
}

export async function writeJobRecord(files: Ports["files"], unitDirectory: string, record: JobRecord): Promise<void> {
  await files.writeText(join(unitDirectory, "job.json"), `${JSON.stringify(record)}\n`, { mode: 0o600 });
}
