import { askServers } from "../ask-servers.ts";
import type { DoctorAnswer, DoctorCheck } from "../doctor-check.ts";

const QUERY = `select current_setting('max_connections')::int as most,
  current_setting('superuser_reserved_connections')::int as reserved,
  (select count(*)::int from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()) as used,
  (select string_agg(format('%s of %s', sessions, role), ', ') from (select count(*) as sessions, coalesce(usename, '?') as role
    from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()
    group by 2 order by 1 desc limit 3) as most) as roles`;

/** Sessions in use against what a server allows: `sorry, too many clients already` (airflow #26756). */
export const connectionBudget: DoctorCheck = {
  id: "connection-budget",
  title: "Sessions",
  scope: "stack",
  questions: (place) =>
    askServers(place, async (session, { service }) => {
      const [row] = await session.query(QUERY);
      const [most, reserved, used] = ["most", "reserved", "used"].map((name) => Number(row?.[name]));
      return judgeBudget(service, {
        most: (most ?? 0) - (reserved ?? 0),
        used: used ?? 0,
        roles: String(row?.["roles"]),
      });
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
