import { oncePerSubject } from "./once-per-subject.ts";
import { withSuperuser } from "./with-superuser.ts";

/** What a PostgreSQL server tells of itself at once. */
export interface ServerSettings {
  /** How far its clock is ahead of this machine's, milliseconds. */
  readonly aheadMs: number;
  /** `server_version_num`: 170002. */
  readonly number: number;
  readonly version: string;
  /** Sessions that ordinary roles may have, those in use, and whose most are: `6 of airflow`. */
  readonly mostSessions: number;
  readonly sessions: number;
  readonly roles: string;
}

const QUERY = `with others as (select coalesce(usename, '?') as role from pg_stat_activity
    where backend_type = 'client backend' and pid <> pg_backend_pid())
  select extract(epoch from clock_timestamp())::float8 * 1000 as clock,
    current_setting('server_version_num')::int as number, current_setting('server_version') as version,
    current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as most,
    (select count(*)::int from others) as used,
    (select string_agg(format('%s of %s', sessions, role), ', ')
      from (select count(*) as sessions, role from others group by 2 order by 1 desc limit 3) as most) as roles`;

/** One session for all checks that ask a server about itself. Throws POSTGRES_UNREACHABLE. */
export const serverSettings = oncePerSubject((stack, service, signal): Promise<ServerSettings> =>
  withSuperuser(stack, { service, database: "postgres" }, signal, async (session) => {
    const { clock } = stack.session.home.ports;
    const before = clock.now();
    const [row = {}] = await session.query(QUERY);
    return {
      aheadMs: Number(row["clock"]) - (before + clock.now()) / 2,
      number: Number(row["number"]),
      version: String(row["version"]),
      mostSessions: Number(row["most"]),
      sessions: Number(row["used"]),
      roles: String(row["roles"]),
    };
  }),
);
