import { quoteWord } from "../../core/quote-word.ts";
import type { DatabaseServer } from "../../topology/topology.ts";
import type { DoctorAnswer, DoctorFix } from "./doctor-check.ts";
import { plainName } from "./plain-name.ts";
import { superuserPsql } from "./superuser-psql.ts";

export interface RefusedLogin {
  readonly server: Pick<DatabaseServer, "service" | "superuser">;
  readonly role: string;
  readonly database: string;
  /** `AIRFLOW__DATABASE__SQL_ALCHEMY_CONN`. */
  readonly writtenIn: string;
  /** What the superuser sees there; undefined: it could not look. */
  readonly present: { readonly role: boolean; readonly database: boolean } | undefined;
  /** Gives the role the password of the file; undefined: the file has none. */
  readonly fix: DoctorFix | undefined;
}

/**
 * Why a server refuses a login and what heals it without touching its data: a volume keeps the roles, passwords and
 * databases it was made with, whatever the file says since. Pure.
 */
export function judgeRefusedLogin({ server, role, database, writtenIn, present, fix }: RefusedLogin): DoctorAnswer {
  const { service } = server;
  const psql = superuserPsql(server);
  const setPassword = `${psql} ${quoteWord(`\\password ${plainName(role)}`)}`;
  if (present?.role === false) {
    return {
      outcome: "fail",
      fact: `the role ${role} does not exist in the data of ${service}: its init scripts ran only when the volume was made`,
      cure: `${psql} ${quoteWord(`CREATE ROLE ${plainName(role)} LOGIN`)}\n${setPassword}`,
    };
  }
  if (present?.database === false) {
    return {
      outcome: "fail",
      fact: `the database ${database} does not exist in the data of ${service}: its init scripts ran only when the volume was made`,
      cure: `${psql} ${quoteWord(`CREATE DATABASE ${plainName(database)} OWNER ${plainName(role)}`)}`,
    };
  }
  return {
    outcome: "fail",
    fact: `${service} refuses the password that ${writtenIn} holds for ${role}: the volume keeps the one it was made with`,
    cure: [
      ...(fix === undefined ? [] : ["bulkhead doctor --fix"]),
      setPassword,
      "It asks for the password of the file and sets it by ALTER ROLE; nothing has to be deleted.",
    ].join("\n"),
    fix,
  };
}
