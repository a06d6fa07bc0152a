import type { SqlSession } from "../../ports/sql.ts";
import type { DatabaseServer } from "../../topology/topology.ts";
import type { DoctorAnswer, DoctorQuestion } from "./doctor-check.ts";
import { isRunning, type DoctorPlace } from "./doctor-place.ts";
import { withSuperuser } from "./with-superuser.ts";

/** One question to each PostgreSQL server of a project, in a session of its superuser. */
export function askServers(
  { stack }: Pick<DoctorPlace, "stack">,
  ask: (session: SqlSession, server: DatabaseServer) => Promise<DoctorAnswer>,
): readonly DoctorQuestion[] {
  if (stack === undefined) return [];
  return stack.session.topology.servers.map((server) => ({
    subject: server.service,
    ask: async (signal) => {
      if (!isRunning(stack, server.service)) return notRunning(server.service);
      return withSuperuser(stack, { service: server.service, database: "postgres" }, signal, (session) =>
        ask(session, server),
      );
    },
  }));
}

/** Nothing can be told of what does not run; that it does not is the check `services`' to judge. */
export function notRunning(service: string): DoctorAnswer {
  return { outcome: "unknown", fact: `${service} does not run` };
}
