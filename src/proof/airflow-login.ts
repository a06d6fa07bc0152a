import { pbkdf2Sync } from "node:crypto";
import { join } from "node:path";

import type { SqlSession } from "../ports/sql.ts";
import { airflowHome, type AirflowApp } from "./airflow-app.ts";
import type { ProofContext } from "./proof-context.ts";
import { queryApp } from "./query-app.ts";

/** A user of Airflow's pages. `from`: where it was found, for people; never holds the password. */
export interface AirflowLogin {
  readonly user: string;
  readonly password: string;
  readonly from: string;
}

/** What the simple auth manager (3.x's default) generated and keeps in a plain file of the api-server. */
export async function readSimpleLogins(airflow: AirflowApp): Promise<readonly AirflowLogin[]> {
  if (airflow.major < 3 || airflow.api === undefined) return [];
  const { env, files } = airflow.api.access;
  const written = env["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE"];
  const path = written ?? join(airflowHome(airflow.api), "simple_auth_manager_passwords.json.generated");
  try {
    const entries = Object.entries(JSON.parse((await files.readTextIfPresent(path)) ?? "{}") as Record<string, string>);
    const from = `password file of ${airflow.api.role.service}`;
    return entries.map(([user, password]) => ({ user, password, from }));
  } catch {
    return [];
  }
}

/**
 * Makes an Admin for the time of one proof in FAB's own tables (2.x, and 3.x with FAB); undefined when there are none.
 * It is named like everything of the proof, so that it is removed with the rest.
 */
export async function createProofUser(
  context: ProofContext,
  airflow: AirflowApp,
  name: string,
): Promise<AirflowLogin | undefined> {
  const { sql, random } = context.session.home.ports;
  if (airflow.database === undefined) return undefined;
  const password = Buffer.from(random.bytes(18)).toString("hex");
  return queryApp(sql, airflow.database, async (session) => {
    const [facts] = await session.query("select to_regclass('ab_user') is not null as present");
    const admin = facts?.["present"] === true ? await session.query("select id from ab_role where name = 'Admin'") : [];
    const role = admin[0]?.["id"];
    if (role === undefined) return undefined;
    const user = await nextId(session, "ab_user");
    await session.query(
      `insert into ab_user (id, first_name, last_name, username, email, active, password, created_on, changed_on)
       values ($1, 'Bulkhead', 'Proof', $2, $3, true, $4, now(), now())`,
      [user, name, `${name}@localhost`, hashPassword(password, Buffer.from(random.bytes(8)).toString("hex"))],
    );
    await session.query("insert into ab_user_role (id, user_id, role_id) values ($1, $2, $3)", [
      await nextId(session, "ab_user_role"),
      user,
      role,
    ]);
    return { user: name, password, from: "a user made for this proof" };
  });
}

/** FAB's keys come from sequences that are no column defaults in every release. */
async function nextId(session: SqlSession, table: "ab_user" | "ab_user_role"): Promise<unknown> {
  const [row] = await session.query(
    `select case when to_regclass('${table}_id_seq') is not null then nextval('${table}_id_seq')
                 else (select coalesce(max(id), 0) + 1 from ${table}) end as id`,
  );
  return row?.["id"];
}

/** A password as werkzeug checks it in every release that Airflow used (0.16 to 3): `pbkdf2:sha256:N$salt$hex`. */
export function hashPassword(password: string, salt: string): string {
  const rounds = 150_000;
  return `pbkdf2:sha256:${rounds}$${salt}$${pbkdf2Sync(password, salt, rounds, 32, "sha256").toString("hex")}`;
}
