import { quoteWord } from "../../core/quote-word.ts";

/** How a superuser runs SQL on a database of a service, up to the SQL: `bulkhead exec db psql -U admin -d app -c`. */
export function superuserPsql(
  { service, superuser }: { readonly service: string; readonly superuser: string },
  database = "postgres",
): string {
  return `bulkhead exec ${service} psql -U ${quoteWord(superuser)} -d ${quoteWord(database)} -c`;
}
