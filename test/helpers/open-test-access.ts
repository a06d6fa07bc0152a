import { createNodePorts } from "../../src/node/node-ports.ts";
import { openUrlAccess, type UrlAccess } from "../../src/postgres/open-url-access.ts";
import { cacheDirectory } from "../../src/supply/cache-directory.ts";

/** The product's own way to a server, with the cache the tests share. */
export async function openTestAccess(url: string, signal: AbortSignal): Promise<UrlAccess> {
  const io = createNodePorts();
  const { uid, gid } = io.host;
  const nobody = uid === 0 ? await io.host.user("nobody") : undefined;
  const supply = {
    io,
    cache: cacheDirectory(io.host),
    resources: "",
    unitUser: nobody ?? { uid, gid },
    emit: () => undefined,
    signal,
  };
  return openUrlAccess(supply, url);
}
