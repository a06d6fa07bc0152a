import { quoteName } from "../../postgres/quote-sql.ts";

/** A name as SQL reads it back, without quotes where it needs none: for commands that people read. */
export function plainName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : quoteName(name);
}
