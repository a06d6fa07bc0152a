import { quoteName } from "../quote-sql.ts";
import type { SplitFacts, SplitObject } from "./split-facts.ts";

/** Statements that give objects to a role, each to be run by itself; running them twice changes nothing. */
export function planHandOver(
  { schemas }: Pick<SplitFacts, "schemas">,
  own: readonly SplitObject[],
  role: string,
): readonly string[] {
  const to = quoteName(role);
  const held = new Set(own.map(({ schema }) => schema));
  const alters = own
    .filter(({ owner }) => owner !== role)
    .map(({ kind, identity }) => `ALTER ${kind.toUpperCase()} ${identity} OWNER TO ${to}`);
  return [
    ...schemas
      .filter(({ name }) => held.has(name) && name !== "public")
      .map(({ name }) => `ALTER SCHEMA ${quoteName(name)} OWNER TO ${to}`),
    ...(held.has("public") || held.size === 0 ? [`GRANT USAGE, CREATE ON SCHEMA public TO ${to}`] : []),
    ...alters,
  ];
}
