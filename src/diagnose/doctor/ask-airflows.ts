import type { App } from "../../topology/topology.ts";
import { nothingRuns } from "./ask-servers.ts";
import type { DoctorAnswer, DoctorQuestion } from "./doctor-check.ts";
import { isRunning, type StackPlace } from "./doctor-place.ts";

/** One question to each Airflow of a project; `running` is a service of it that runs. */
export function askAirflows(
  stack: StackPlace | undefined,
  ask: (stack: StackPlace, app: App & { readonly running: string }, signal: AbortSignal) => Promise<DoctorAnswer>,
): readonly DoctorQuestion[] {
  if (stack === undefined) return [];
  return stack.session.topology.apps
    .filter(({ product }) => product === "airflow")
    .map((app) => ({
      subject: app.id,
      ask: async (signal) => {
        const running = app.services.find((service) => isRunning(stack, service));
        return running === undefined ? nothingRuns(app.id) : ask(stack, { ...app, running }, signal);
      },
    }));
}
