import { maskLine } from "../../core/mask-line.ts";
import { findSecrets } from "../../core/find-secrets.ts";
import type { KnownStack } from "./stack-facts-of.ts";

/** A shorter one would blot out words that are no secrets. */
const SHORTEST_SECRET = 8;

/** Every text in a value of plain data, masked. */
export function maskTexts<T>(value: T, mask: (text: string) => string): T {
  const walk = (one: unknown): unknown => {
    if (typeof one === "string") return mask(one);
    if (Array.isArray(one)) return one.map(walk);
    if (typeof one !== "object" || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([key, entry]) => [key, walk(entry)]));
  };
  return walk(value) as T;
}

/** Hides secrets by their looks, and those that the project holds wherever they stand. */
export function createMask(stack: KnownStack | undefined): (text: string) => string {
  const secrets = stack === undefined ? [] : knownSecrets(stack);
  return (text) => maskLine(text, secrets);
}

function knownSecrets({ project, topology }: KnownStack): readonly string[] {
  const addresses = [...topology.connections, ...topology.endpoints];
  const variables = Object.values(topology.services).flatMap(({ environment }) =>
    Object.entries(environment).filter(([name]) => findSecrets(`${name}=x`).length > 0),
  );
  const found = [...addresses.map(({ password }) => password), ...variables.map(([, value]) => value)];
  const names = new Set([
    ...Object.keys(project.services),
    ...topology.connections.flatMap(({ user, database, host }) => [user, database, host]),
  ]);
  return [...new Set(found)].filter(
    (secret): secret is string => secret !== undefined && secret.length >= SHORTEST_SECRET && !names.has(secret),
  );
}
