import { airflowReleases } from "../../src/catalog/airflow/versions.ts";
import { mlflowReleases } from "../../src/catalog/mlflow/versions.ts";
import { collectSightings, type Collected } from "../../src/diagnose/collect-sightings.ts";
import { foldCauses, type Folded } from "../../src/diagnose/fold-causes.ts";
import { SIGNATURES } from "../../src/diagnose/registry.gen.ts";
import { revisionOwners } from "../../src/diagnose/revision-owner.ts";
import type { StackFacts } from "../../src/diagnose/stack-facts.ts";

/** What is known without a project. */
export const NO_PROJECT: StackFacts = {
  hasProject: false,
  productOf: () => undefined,
  serviceOf: () => undefined,
  serverOf: () => undefined,
  superuserOf: () => undefined,
  dependenciesOf: () => new Set(),
  ownersOf: (revision) => revisionOwners([airflowReleases, mlflowReleases], revision),
};

/** What the signatures know of a text, read as one log of several services. */
export function collectText(text: string, since?: number): Promise<Collected> {
  return collectSightings([{ name: "log", chunks: chunksOf(new TextEncoder().encode(text)) }], SIGNATURES, {
    serviceOf: (name) => name,
    since,
  });
}

export async function foldText(text: string, facts: Partial<StackFacts> = {}): Promise<Folded> {
  return foldCauses(await collectText(text), SIGNATURES, { ...NO_PROJECT, ...facts });
}

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
