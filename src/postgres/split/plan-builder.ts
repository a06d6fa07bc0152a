import type { Step } from "../../plan/step.ts";
import { splitStep, type SplitStepArgs, type SplitStepKind } from "./split-steps.ts";

/** The steps of a plan as they come. */
export interface PlanBuilder {
  readonly steps: readonly Step[];
  /** Adds a step and gives its id, for those that come after it. */
  readonly add: <K extends SplitStepKind>(
    kind: K,
    args: SplitStepArgs[K],
    place: { readonly about?: string; readonly after: readonly string[]; readonly title: string },
  ) => string;
}

export function createPlanBuilder(): PlanBuilder {
  const steps: Step[] = [];
  return {
    steps,
    add(kind, args, place) {
      const step = splitStep(kind, args, place);
      steps.push(step);
      return step.id;
    },
  };
}
