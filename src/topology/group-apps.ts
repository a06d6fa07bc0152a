import type { ProductId } from "../catalog/product.ts";
import type { FoundConnection } from "./build-connection.ts";
import type { ServiceView } from "./service-view.ts";
import type { App } from "./topology.ts";

/**
 * Services of one product form one app per metadata database. `databaseOf` names the database of a connection, so that
 * two host names of one server are one. Services of which no database is known join the first app of their product.
 */
export function groupApps(
  views: readonly ServiceView[],
  connections: readonly FoundConnection[],
  databaseOf: (connection: FoundConnection) => string,
): readonly App[] {
  const members: { product: App["product"]; key: string | undefined; view: ServiceView }[] = [];
  for (const view of views) {
    for (const product of productsOf(view, connections)) {
      const own = connections.filter((one) => one.service === view.name && one.product === product);
      const connection = own.find((one) => one.role === "metadata") ?? own.find((one) => one.role === "migration");
      const isKnown = connection !== undefined && connection.state.kind === "known" && connection.via !== "default";
      members.push({ product, key: isKnown ? databaseOf(connection) : undefined, view });
    }
  }
  const apps: { id: string; product: App["product"]; version: string; services: string[]; key: string | undefined }[] =
    [];
  for (const { product, key, view } of members) {
    const known = members.find((one) => one.product === product && one.key !== undefined)?.key;
    const wanted = key ?? known;
    const app = apps.find((one) => one.product === product && one.key === wanted);
    if (app !== undefined) {
      app.services.push(view.name);
      continue;
    }
    const before = apps.filter((one) => one.product === product).length;
    const version = view.role.product === product ? (view.role.version ?? "") : "";
    apps.push({
      id: before === 0 ? product : `${product}-${before + 1}`,
      product,
      version,
      services: [view.name],
      key: wanted,
    });
  }
  return apps.map(({ id, product, version, services }) => ({ id, product, version, services }));
}

function productsOf(view: ServiceView, connections: readonly FoundConnection[]): readonly App["product"][] {
  const found = new Set<ProductId>();
  if (view.role.product !== undefined) found.add(view.role.product);
  for (const one of connections) if (one.service === view.name) found.add(one.product);
  return [...found].filter((product) => product !== "postgres");
}
