import type { LoadRequest } from "../compose/load-request.ts";
import { loadOutcome, type LoadOutcome } from "../compose/load-outcome.ts";
import { createEditKit } from "../edit/create-edit-kit.ts";
import type { Random } from "../ports/random.ts";
import type { Sources } from "../ports/sources.ts";
import { resolveTopology } from "../topology/resolve-topology.ts";
import type { JudgeOptions, Subject } from "./rule.ts";

/** A project as rules look at it, or only the outcome when nothing could be built of its files. */
export function loadSubject(
  request: LoadRequest,
  sources: Sources,
  random: Random,
  options: JudgeOptions,
): { readonly outcome: LoadOutcome; readonly subject: Subject | undefined } {
  const outcome = loadOutcome(request, sources);
  const { project } = outcome;
  if (project === undefined) return { outcome, subject: undefined };
  const topology = resolveTopology(project, sources);
  return {
    outcome,
    subject: {
      outcome,
      project,
      topology,
      sources,
      edit: createEditKit({ project, sources, random, request }),
      options,
    },
  };
}
