import type { SplitKind } from "../split-steps.ts";

/** Starts the servers that the edited files have and the running project has not. */
export const startServers: SplitKind<"start-servers"> = {
  isDone: async ({ project }, { services }) => (await project?.running(services))?.length === services.length,
  apply: async ({ project, signal }, { services }) => project?.start(services, signal),
  undo: async ({ project, signal }, { services }) => project?.discard(services, signal),
};
