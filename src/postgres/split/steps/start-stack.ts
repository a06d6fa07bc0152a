import type { SplitKind } from "../split-steps.ts";

/** Starts the project's services again, each with its own database. */
export const startStack: SplitKind<"start-stack"> = {
  isDone: async () => false,
  apply: async ({ project, signal }, { services }) => project?.start(services, signal),
  undo: async ({ project, signal }, { services }) => project?.stop(services, signal),
};
