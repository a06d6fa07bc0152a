import type { RelationName } from "./database-picture.ts";

/** `"public"."runs"`: a relation as SQL names it, whatever its name holds. */
export function quoteRelation({ schema, name }: RelationName): string {
  return `${quoteName(schema)}.${quoteName(name)}`;
}

function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
