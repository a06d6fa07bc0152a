import type { Session } from "../engine/session.ts";

/** Whether one of these services waits for another one or connects to it. */
export function isNeeded(
  { project, topology }: Pick<Session, "project" | "topology">,
  service: string,
  by: readonly string[],
): boolean {
  return by.some(
    (one) =>
      Object.hasOwn(project.services[one]?.depends_on ?? {}, service) ||
      topology.connections.some((connection) => connection.service === one && connection.server === service),
  );
}
