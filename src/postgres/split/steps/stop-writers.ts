import type { SplitKind } from "../split-steps.ts";

/** Ends the project's services that write to the database; the server stays. */
export const stopWriters: SplitKind<"stop-writers"> = {
  isDone: async ({ project }, { services }) => (await project?.running(services))?.length === 0,
  apply: async ({ project, signal }, { services }) => project?.stop(services, signal),
  undo: async ({ project, signal }, { running }) => project?.startAgain(running, signal),
};
