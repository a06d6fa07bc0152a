import { dirname, join } from "node:path";

import type { AlembicChain } from "../../supply/supply.ts";
import { loadUnitSpec } from "./load-unit-spec.ts";
import type { NativeSession } from "./native-session.ts";

/**
 * The Alembic histories of the packages that a service was last started with, as its environment records them. None where
 * it was never started here, or is no Python application.
 */
export async function loadUnitHistories(
  session: Pick<NativeSession, "home" | "layout">,
  service: string,
): Promise<readonly AlembicChain[]> {
  const spec = await loadUnitSpec(session, service);
  const [first] = spec?.env["PATH"]?.split(":") ?? [];
  if (first === undefined) return [];
  const text = await session.home.ports.files.readTextIfPresent(join(dirname(first), "bulkhead.json"));
  return text === undefined ? [] : (JSON.parse(text) as { readonly alembic: readonly AlembicChain[] }).alembic;
}
