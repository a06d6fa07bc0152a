import { relative } from "node:path";

import type { NativeSession } from "../engine/native/native-session.ts";
import { listWithoutEffect } from "../topology/list-without-effect.ts";
import { scanDags } from "../topology/scan-dags.ts";
import type { ActionContext } from "./context.ts";

/** Says what of the project the native engine does not repeat: keys without effect, and paths written in user code. */
export function announceNativeLimits(
  context: ActionContext,
  session: NativeSession,
  services: readonly string[],
): void {
  const { project, topology } = session;
  const ignored = [...listWithoutEffect(project, services)].map(([name, keys]) => `${name} (${keys.join(", ")})`);
  if (ignored.length > 0) {
    context.emit({ type: "note", message: `Without effect natively: ${ignored.join("; ")}.` });
  }
  const lines = new Set<string>();
  for (const service of services) {
    const role = topology.services[service];
    if (role === undefined) continue;
    for (const { file, line, path } of scanDags(project, role, context.ports.sources).paths) {
      lines.add(`${relative(project.directory, file)}:${line} (${path})`);
    }
  }
  if (lines.size === 0) return;
  context.emit({
    type: "warning",
    message: `Paths of the container written in code are not mapped natively: ${[...lines].slice(0, 5).join(", ")}${lines.size > 5 ? `, and ${lines.size - 5} more` : ""}.`,
    hint: "Read them from an environment variable that the Compose file sets; its values are mapped.",
  });
}
