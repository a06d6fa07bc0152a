import { askServers } from "../ask-servers.ts";
import type { DoctorAnswer, DoctorCheck } from "../doctor-check.ts";
import { serverSettings } from "../server-settings.ts";

/** Sessions in use against what a server allows: `sorry, too many clients already` (airflow #26756). */
export const connectionBudget: DoctorCheck = {
  id: "connection-budget",
  title: "Sessions",
  scope: "stack",
  questions: ({ stack }) =>
    askServers(stack, async (asked, { service }) => {
      const { mostSessions, sessions, roles } = await serverSettings(asked, service);
      return judgeBudget(service, { most: mostSessions, used: sessions, roles });
    }),
};

/** Judges sessions against those that ordinary roles may have. Pure. */
export function judgeBudget(
  service: string,
  { most, used, roles }: { readonly most: number; readonly used: number; readonly roles: string },
): DoctorAnswer {
  const fact = `${used} of ${most} in use`;
  if (used < most * 0.8) return { outcome: "ok", fact };
  return {
    outcome: used >= most ? "fail" : "warn",
    fact: `${fact}: ${roles}`,
    cure: `Give ${service} more (command: postgres -c max_connections=200), or Airflow less: AIRFLOW__DATABASE__SQL_ALCHEMY_POOL_SIZE, AIRFLOW__DATABASE__SQL_ALCHEMY_MAX_OVERFLOW`,
  };
}
