import type { Collected } from "./collect-sightings.ts";
import type { Names } from "./fill-names.ts";
import { guessProduct } from "./guess-product.ts";
import type { Sighting } from "./sighting.ts";
import type { Signature, SightingContext } from "./signature.ts";
import type { StackFacts } from "./stack-facts.ts";

/** A sighting that its signature stands by. */
export interface JudgedSighting {
  readonly sighting: Sighting;
  readonly signature: Signature;
  readonly confidence: "certain" | "likely";
  /** What makes it this one: the groups of its line and what the signature found out. */
  readonly own: Names;
  /** `own`, and what is known of the service that wrote it. */
  readonly names: Names;
}

/** Asks a signature whether a line is really its own; undefined for facts, and where it says no. */
export function judgeSighting(
  sighting: Sighting,
  signature: Signature,
  collected: Collected,
  facts: StackFacts,
): JudgedSighting | undefined {
  if (signature.kind === "fact") return undefined;
  const { service } = sighting;
  const product =
    (service === undefined ? undefined : facts.productOf(service)) ?? guessProduct(service, sighting.evidence[0].block);
  const serviceOf = (host: string) => (service === undefined ? undefined : facts.serviceOf(service, host));
  const judgement =
    signature.judge === undefined
      ? { confidence: signature.confidence }
      : signature.judge(sighting, {
          product,
          serviceOf,
          productOf: facts.productOf,
          ownersOf: facts.ownersOf,
          hasSeen: (id, names = {}) =>
            collected.sightings.some(
              (one) =>
                one.signature === id && Object.entries(names).every(([name, value]) => one.names[name] === value),
            ),
          silenceAfter: (one) => silenceAfter(one, collected),
        });
  if (judgement === undefined) return undefined;
  const own = { ...sighting.names, ...judgement.names };
  const server = serverOf(own["host"], { service, product, serviceOf }, facts);
  const superuser = server === undefined ? undefined : facts.superuserOf(server);
  const known = definedOf({ server, superuser, product });
  return { sighting, signature, confidence: judgement.confidence, own, names: { ...known, ...own } };
}

/** The PostgreSQL service a line is about. Without a project the host that was asked is most likely called as it is. */
function serverOf(
  host: string | undefined,
  { service, product, serviceOf }: Pick<SightingContext, "product" | "serviceOf"> & Pick<Sighting, "service">,
  facts: StackFacts,
): string | undefined {
  const asked =
    host === undefined
      ? undefined
      : facts.hasProject
        ? serviceOf(host)
        : /^(?!localhost)[a-z]/i.test(host)
          ? host
          : undefined;
  if (asked !== undefined) return asked;
  if (product === "postgres") return service;
  return service === undefined ? undefined : facts.serverOf(service);
}

function silenceAfter({ service, log, lastOffset, evidence: [{ time }] }: Sighting, collected: Collected): number {
  const end = collected.ends.get(log);
  const spoke = collected.sightings.some(
    (one) => one.service === service && one.log === log && one.lastOffset > lastOffset,
  );
  return end === undefined || time === undefined || spoke ? 0 : end - time;
}

function definedOf(names: Readonly<Record<string, string | undefined>>): Names {
  return Object.fromEntries(Object.entries(names).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
