import type { AlembicChain } from "../../supply/supply.ts";
import { loadUnitEnvironment } from "./load-unit-environment.ts";
import type { NativeSession } from "./native-session.ts";

/**
 * The Alembic histories of the packages that a service was last started with, as its environment records them. None where
 * it was never started here, or is no Python application.
 */
export async function loadUnitHistories(
  session: Pick<NativeSession, "home" | "layout">,
  service: string,
): Promise<readonly AlembicChain[]> {
  return (await loadUnitEnvironment(session, service))?.alembic ?? [];
}
