import type { RelationName } from "./database-picture.ts";
import { quoteName } from "./quote-sql.ts";

/** `"public"."runs"`: a relation as SQL names it, whatever its name holds. */
export function quoteRelation({ schema, name }: RelationName): string {
  return `${quoteName(schema)}.${quoteName(name)}`;
}
