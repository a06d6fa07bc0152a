import type { SplitKind } from "../split-steps.ts";

/** Asks each application whether it takes its database for its own, in the version that wrote it. */
export const askApplications: SplitKind<"ask-applications"> = {
  isDone: async () => false,
  apply: async ({ project, signal }, { parts }) => {
    const said: Record<string, string> = {};
    for (const part of parts) said[part] = (await project?.ask(part, signal)) ?? "";
    return said;
  },
};
