import { createNodePorts } from "../../src/node/node-ports.ts";
import type { Ports } from "../../src/ports/ports.ts";
import { cacheDirectory } from "../../src/supply/cache-directory.ts";
import type { SupplyContext } from "../../src/supply/supply.ts";
import { repositoryPath } from "./source-files.ts";

type WholeContext = SupplyContext & { readonly io: Ports };

/** What fetching and installing need, as commands have it: the cache that tests share, units' own account, and `more`. */
export async function supplyContext(more: Partial<WholeContext> = {}): Promise<WholeContext> {
  const io = createNodePorts();
  const { uid, gid } = io.host;
  const nobody = uid === 0 ? await io.host.user("nobody") : undefined;
  return {
    io,
    cache: cacheDirectory(io.host),
    resources: repositoryPath("resources"),
    unitUser: nobody ?? { uid, gid },
    emit: () => undefined,
    signal: new AbortController().signal,
    ...more,
  };
}
