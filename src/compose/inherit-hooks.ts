import { containerKeys } from "./compose-shapes.ts";
import type { Faults } from "./faults.ts";
import { mergeTrees } from "./merge-trees.ts";
import { child, list, mapping, withEntry, type Mapping } from "./tree.ts";

/** Volumes are shared with the service at run time instead. */
const inherited = new Set(containerKeys.filter((key) => key !== "volumes"));

/**
 * Completes each container of `pre_start` with what the service says about its own, the container's words winning.
 * Source: compose-go loader/normalize.go.
 */
export function inheritHooks(service: Mapping, faults: Faults): Mapping {
  const hooks = child(service, "pre_start");
  if (hooks?.kind !== "list") return service;
  const base = mapping(
    [...service.entries].filter(([key]) => inherited.has(key)).map(([key, { value }]) => [key, value] as const),
    service.origin,
  );
  const items = hooks.items.map((hook) =>
    hook.kind === "map" ? mergeTrees(base, hook, ["services", "hook"], faults) : hook,
  );
  return withEntry(service, "pre_start", list(items, hooks.origin));
}
