import { askServers } from "../ask-servers.ts";
import type { DoctorAnswer, DoctorCheck } from "../doctor-check.ts";
import { superuserPsql } from "../superuser-psql.ts";
import { tellSize } from "../tell-size.ts";
import { withSuperuser } from "../with-superuser.ts";

const QUERY = `select coalesce((select sum(size) from pg_ls_waldir()), 0)::float8 as bytes,
  pg_size_bytes(current_setting('max_wal_size'))::float8 as most,
  (select string_agg(slot_name, ', ' order by slot_name) from pg_replication_slots where not active) as slots,
  (select failed_count from pg_stat_archiver where last_failed_time > coalesce(last_archived_time, '-infinity'))::int as failed`;

/** Write-ahead log that is not given back: an unused slot or a failing archive command fills the disk. */
export const wal: DoctorCheck = {
  id: "wal",
  title: "Write-ahead log",
  scope: "stack",
  questions: ({ stack }) =>
    askServers(stack, (asked, { service, superuser }, signal) =>
      withSuperuser(asked, { service, database: "postgres" }, signal, async (session) => {
        const [row] = await session.query(QUERY);
        const slots = row?.["slots"];
        return judgeWal(superuserPsql({ service, superuser }), {
          bytes: Number(row?.["bytes"]),
          most: Number(row?.["most"]),
          slots: typeof slots === "string" ? slots : undefined,
          failed: Number(row?.["failed"] ?? 0),
        });
      }),
    ),
};

interface WalFacts {
  readonly bytes: number;
  /** max_wal_size: more than twice of it is kept for a reason. */
  readonly most: number;
  /** Replication slots that nobody reads. */
  readonly slots: string | undefined;
  /** Attempts of archive_command since it last worked. */
  readonly failed: number;
}

/** Judges what a server keeps. `psql`: the command line that runs SQL there. Pure. */
export function judgeWal(psql: string, { bytes, most, slots, failed }: WalFacts): DoctorAnswer {
  const fact = tellSize(bytes);
  const outcome = bytes > 2 * most ? "fail" : "warn";
  if (slots !== undefined) {
    return {
      outcome,
      fact: `${fact}, kept for replication slots that nobody reads: ${slots}`,
      cure: `${psql} "SELECT pg_drop_replication_slot('${slots.split(",")[0]}')"`,
    };
  }
  if (failed > 0) {
    return { outcome, fact: `${fact}, kept because archive_command fails`, cure: `${psql} 'SHOW archive_command'` };
  }
  return bytes > 2 * most
    ? { outcome: "warn", fact: `${fact}, more than twice max_wal_size`, cure: `${psql} 'CHECKPOINT'` }
    : { outcome: "ok", fact };
}
