import { dirname, join } from "node:path";

import type { PythonEnvironment } from "../../supply/supply.ts";
import { loadUnitSpec } from "./load-unit-spec.ts";
import type { NativeSession } from "./native-session.ts";

/**
 * What is recorded of the Python environment that a service was last started with. Undefined where it was never started
 * here, or is no Python application.
 */
export async function loadUnitEnvironment(
  session: Pick<NativeSession, "home" | "layout">,
  service: string,
): Promise<Pick<PythonEnvironment, "alembic" | "packages"> | undefined> {
  const spec = await loadUnitSpec(session, service);
  const [first] = spec?.env["PATH"]?.split(":") ?? [];
  if (first === undefined) return undefined;
  const text = await session.home.ports.files.readTextIfPresent(join(dirname(first), "bulkhead.json"));
  return text === undefined ? undefined : (JSON.parse(text) as Pick<PythonEnvironment, "alembic" | "packages">);
}
