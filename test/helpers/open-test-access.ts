import { openUrlAccess, type UrlAccess } from "../../src/postgres/open-url-access.ts";
import { supplyContext } from "./supply-context.ts";

/** The product's own way to a server, with the cache the tests share. */
export async function openTestAccess(url: string, signal: AbortSignal): Promise<UrlAccess> {
  return openUrlAccess(await supplyContext({ signal }), url);
}
