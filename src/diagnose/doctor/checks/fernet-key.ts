import { askAirflows } from "../ask-airflows.ts";
import type { DoctorAnswer, DoctorCheck } from "../doctor-check.ts";
import type { StackPlace } from "../doctor-place.ts";
import { opensFernetToken } from "../opens-fernet-token.ts";
import { queryAirflow } from "../query-airflow.ts";

const VARIABLE = "AIRFLOW__CORE__FERNET_KEY";

/** The Fernet key that Airflow runs with opens what is stored encrypted (airflow #18127). Nothing is decrypted. */
export const fernetKey: DoctorCheck = {
  id: "fernet-key",
  title: "Fernet key",
  scope: "stack",
  questions: ({ stack }) => askAirflows(stack, askApp),
};

async function askApp(
  stack: StackPlace,
  { id, running }: { readonly id: string; readonly running: string },
  signal: AbortSignal,
): Promise<DoctorAnswer> {
  const keys = ((await stack.open(running))?.env[VARIABLE] ?? "").split(",").filter((key) => key !== "");
  const rows = await queryAirflow(stack, id, signal, (session) =>
    session.query(
      `select conn_id::text as name, password as token from connection where is_encrypted and password <> ''
       union all select key::text, val from variable where is_encrypted and val <> '' limit 200`,
    ),
  );
  if (rows.length === 0) return { outcome: "ok", fact: "nothing is stored encrypted" };
  if (keys.length === 0) return { outcome: "unknown", fact: `${VARIABLE} is not in the environment of ${running}` };
  const closed = rows.filter(({ token }) => !keys.some((key) => opensFernetToken(key, String(token))));
  const names = closed.slice(0, 3).map(({ name }) => String(name));
  return closed.length === 0
    ? { outcome: "ok", fact: `opens all ${rows.length} stored values` }
    : {
        outcome: "fail",
        fact: `does not open ${closed.length} of ${rows.length} stored values: ${names.join(", ")}${closed.length > 3 ? ", ..." : ""}`,
        cure: `Put the key they were written with behind the new one (${VARIABLE}=NEW,OLD), then:\nbulkhead up && bulkhead exec ${running} airflow rotate-fernet-key`,
      };
}
