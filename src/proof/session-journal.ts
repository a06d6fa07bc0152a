import { join } from "node:path";

import type { AirflowApp } from "./airflow-app.ts";
import type { ProofContext } from "./proof-context.ts";

/**
 * Ids of the logins a proof leaves in FAB's `session` table (2.x), kept in the project's state until their rows are
 * removed: the rows themselves say nothing that a later proof could know them by.
 */
export async function readSessions(context: ProofContext, airflow: Pick<AirflowApp, "id">): Promise<readonly string[]> {
  const text = await context.session.home.ports.files.readTextIfPresent(journalPath(context, airflow));
  return text === undefined ? [] : (JSON.parse(text) as { sessions: string[] }).sessions;
}

/** Remembers the session that a login's cookies name: Flask-Session signs its ids, `session=ID.signature`. */
export async function rememberSession(
  context: ProofContext,
  airflow: Pick<AirflowApp, "id">,
  cookies: string,
): Promise<void> {
  const ids = [...cookies.matchAll(/\bsession=([^;.]+)/g)].map((match) => match[1] ?? "");
  const known = await readSessions(context, airflow);
  const sessions = [...new Set([...known, ...ids])];
  if (sessions.length === known.length) return;
  const text = `${JSON.stringify({ format: 1, sessions })}\n`;
  await context.session.home.ports.files.writeText(journalPath(context, airflow), text, { mode: 0o600 });
}

export async function forgetSessions(context: ProofContext, airflow: Pick<AirflowApp, "id">): Promise<void> {
  await context.session.home.ports.files.remove(journalPath(context, airflow));
}

function journalPath(context: ProofContext, airflow: Pick<AirflowApp, "id">): string {
  return join(context.session.layout.directory, `proof-${airflow.id}.json`);
}
