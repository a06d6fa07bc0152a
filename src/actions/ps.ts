import type { ServiceRow } from "../core/result-rows.ts";
import { connectSupervisor } from "../engine/native/supervisor/client.ts";
import { probeAirflowHealth } from "../probe/probe-airflow-health.ts";
import type { ActionContext, ProjectOptions } from "./context.ts";
import { findListing, listRows } from "./project-listing.ts";

/**
 * The project's services as they are now. Without `all`: those that ever started. A project that was ready and whose
 * files are as they were is told by its supervisor and Airflow's health page; otherwise each running service is asked.
 */
export async function ps(
  context: ActionContext,
  options: ProjectOptions,
  { all }: { readonly all: boolean },
): Promise<{ readonly services: readonly ServiceRow[] }> {
  const rows = (await listReady(context, options)) ?? (await load(context, options));
  return { services: all ? rows : rows.filter((row) => row.state !== "stopped") };
}

async function listReady(context: ActionContext, options: ProjectOptions): Promise<readonly ServiceRow[] | undefined> {
  const { http } = context.ports;
  const { signal } = context;
  const listing = await findListing(context, options);
  if (listing === undefined) return undefined;
  const answers = listing.questions.map((question) => probeAirflowHealth(http, { ...question, signal }));
  const client = await connectSupervisor(listing.controlSocket, { signal });
  if (client === undefined) return undefined;
  try {
    if (client.hello.version !== context.version) return undefined;
    const rows = listRows(listing, await client.status(signal));
    const outcomes = await Promise.all(answers);
    return outcomes.every(({ state }) => state === "fine") ? rows : undefined;
  } finally {
    client.close();
  }
}

/** By way of the Compose files; their loader is most of the program, and a ready project does not need it. */
async function load(context: ActionContext, options: ProjectOptions): Promise<readonly ServiceRow[]> {
  const [{ openEngineSession }, { listServices }] = await Promise.all([
    import("./open-project.ts"),
    import("./list-services.ts"),
  ]);
  const session = await openEngineSession(context, options);
  const rows =
    session.engine === "docker"
      ? await (await import("./docker/list-container-services.ts")).listContainerServices(session)
      : await listServices(context, session, options);
  const failed = rows.filter(({ state, exitCode }) => state === "crash-loop" || (state === "exited" && exitCode !== 0));
  if (failed.length > 0) {
    const { tellCause } = await import("./explain/tell-cause.ts");
    await tellCause(context, options, session, { services: failed.map(({ name }) => name) });
  }
  return rows;
}
