import type { DatabaseServer } from "../../topology/topology.ts";
import type { DoctorAnswer } from "./doctor-check.ts";

export interface RefusedLogin {
  readonly server: Pick<DatabaseServer, "service" | "superuser">;
  readonly role: string;
  readonly database: string;
  /** `AIRFLOW__DATABASE__SQL_ALCHEMY_CONN`. */
  readonly writtenIn: string;
  /** What the superuser sees there; undefined: it could not look. */
  readonly present: { readonly role: boolean; readonly database: boolean } | undefined;
}

/**
 * Why a server refuses a login and what heals it without touching its data: a volume keeps the roles, passwords and
 * databases it was made with, whatever the file says since. Pure.
 */
export function judgeRefusedLogin({ server, role, database, writtenIn, present }: RefusedLogin): DoctorAnswer {
  const { service, superuser } = server;
  const psql = `bulkhead exec ${service} psql -U ${superuser} -d postgres -c`;
  if (present?.role === false) {
    return {
      outcome: "fail",
      fact: `the role ${role} does not exist in the data of ${service}: its init scripts ran only when the volume was made`,
      cure: `${psql} 'CREATE ROLE ${name(role)} LOGIN'\n${psql} '\\password ${name(role)}'`,
    };
  }
  if (present?.database === false) {
    return {
      outcome: "fail",
      fact: `the database ${database} does not exist in the data of ${service}: its init scripts ran only when the volume was made`,
      cure: `${psql} 'CREATE DATABASE ${name(database)} OWNER ${name(role)}'`,
    };
  }
  return {
    outcome: "fail",
    fact: `${service} refuses the password that ${writtenIn} holds for ${role}: the volume keeps the one it was made with`,
    cure: `${psql} '\\password ${name(role)}'\nGive it the password of the file; nothing has to be deleted. Or put the old password back into the file.`,
  };
}

/** A name as SQL reads it back, inside single quotes of a shell. */
function name(text: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(text) ? text : `"${text.replaceAll('"', '""').replaceAll("'", String.raw`'\''`)}"`;
}
