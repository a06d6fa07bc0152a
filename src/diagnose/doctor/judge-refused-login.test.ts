import { expect, it } from "vitest";
import { judgeRefusedLogin } from "./judge-refused-login.ts";

const LOGIN = {
  server: { service: "db", superuser: "admin" },
  role: "airflow",
  database: "airflow",
  writtenIn: "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN",
  fix: { title: "", apply: async () => undefined },
};

it.each([
  [
    { role: true, database: true },
    "refuses the password",
    String.raw`psql -U admin -d postgres -c '\password airflow'`,
  ],
  [undefined, "refuses the password", String.raw`'\password airflow'`],
  [{ role: false, database: true }, "the role airflow does not exist", "'CREATE ROLE airflow LOGIN'"],
  [{ role: true, database: false }, "the database airflow does not", "'CREATE DATABASE airflow OWNER airflow'"],
])("cures %j without touching the data", (present, fact, cure) => {
  const answer = judgeRefusedLogin({ ...LOGIN, present });
  expect(answer.outcome).toBe("fail");
  expect(answer.fact).toContain(fact);
  expect(answer.cure).toContain(cure);
  expect(answer.cure).not.toMatch(/down|rm |drop/i);
});

it("sets a password by itself, and makes nothing that would look like lost data", () => {
  const wrong = judgeRefusedLogin({ ...LOGIN, present: { role: true, database: true } });
  expect([wrong.fix, wrong.cure?.split("\n")[0]]).toEqual([LOGIN.fix, "bulkhead doctor --fix"]);
  expect(judgeRefusedLogin({ ...LOGIN, present: { role: false, database: true } }).fix).toBeUndefined();
  expect(judgeRefusedLogin({ ...LOGIN, present: { role: true, database: false } }).fix).toBeUndefined();
});

it("quotes names for SQL and for the shell", () => {
  const answer = judgeRefusedLogin({ ...LOGIN, role: `o'Neil-"1`, present: { role: true, database: true } });
  expect(answer.cure).toContain(String.raw`'\password "o'\''Neil-""1"'`);
});
