import { join } from "node:path";

import type { NativeSession } from "./native-session.ts";
import type { UnitSpec } from "./unit.ts";

/** A service's unit as it was last started: its environment, account and directory. Undefined when it never was. */
export async function loadUnitSpec(
  session: Pick<NativeSession, "home" | "layout">,
  service: string,
): Promise<UnitSpec | undefined> {
  const path = join(session.layout.units, service, "unit.json");
  const text = await session.home.ports.files.readTextIfPresent(path);
  return text === undefined ? undefined : (JSON.parse(text) as UnitSpec);
}
