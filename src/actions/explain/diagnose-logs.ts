import { collectSightings, type LogSource } from "../../diagnose/collect-sightings.ts";
import { foldCauses, type Folded } from "../../diagnose/fold-causes.ts";
import { SIGNATURES } from "../../diagnose/registry.gen.ts";
import type { Evidence } from "../../diagnose/sighting.ts";
import { containerNames } from "./container-names.ts";
import { createMask, maskTexts } from "./mask-texts.ts";
import { stackFactsOf, type KnownStack } from "./stack-facts-of.ts";

/** What logs tell, secrets masked. */
export type Diagnosis = Folded & {
  /** The first error of each service that no signature knows. */
  readonly unknownErrors: readonly Evidence[];
};

/** Reads logs and folds what the signatures know of them; `since` in milliseconds since the epoch. */
export async function diagnoseLogs(
  stack: KnownStack | undefined,
  logs: readonly LogSource[],
  since: number | undefined,
): Promise<Diagnosis> {
  const collected = await collectSightings(logs, SIGNATURES, { serviceOf: containerNames(stack), since });
  const folded = foldCauses(collected, SIGNATURES, stackFactsOf(stack));
  return maskTexts({ ...folded, unknownErrors: collected.unknownErrors }, createMask(stack));
}
