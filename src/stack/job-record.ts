import { dirname, join } from "node:path";

import type { Session } from "../engine/session.ts";

/**
 * What is remembered of a one-shot that succeeded, so that it is not run again for nothing. It lives as long as the
 * volumes do: `down` keeps it, `down -v` does not.
 */
export interface JobRecord {
  readonly hash: string;
  /** `ran`, or `restored` from a migrated template. */
  readonly how: "ran" | "restored";
}

export async function loadJobRecord(session: Session, service: string): Promise<JobRecord | undefined> {
  const text = await session.home.ports.files.readTextIfPresent(recordPath(session, service));
  return text === undefined ? undefined : (JSON.parse(text) as JobRecord);
}

export async function writeJobRecord(session: Session, service: string, record: JobRecord): Promise<void> {
  const { files } = session.home.ports;
  await files.makeDirectory(dirname(recordPath(session, service)), { mode: 0o700 });
  await files.writeText(recordPath(session, service), `${JSON.stringify(record)}\n`, { mode: 0o600 });
}

function recordPath(session: Session, service: string): string {
  return join(session.layout.directory, "jobs", `${service}.json`);
}
