import { describe, expect, it } from "vitest";
import type { ServiceRole } from "../topology/topology.ts";
import { findNamedLogins, hashPassword } from "./airflow-login.ts";

const role = (more: Partial<ServiceRole>): ServiceRole => ({
  service: "init",
  product: "airflow",
  version: "2.7.0",
  python: undefined,
  component: undefined,
  base: undefined,
  baseImage: undefined,
  dockerfile: undefined,
  behaviour: undefined,
  argv: [],
  environment: {},
  pip: [],
  oneShot: true,
  reason: undefined,
  ...more,
});

describe("findNamedLogins", () => {
  it("reads the image's variables; the entrypoint's user is admin unless named", () => {
    const named = { _AIRFLOW_WWW_USER_USERNAME: "ann", _AIRFLOW_WWW_USER_PASSWORD: "p" };
    expect(findNamedLogins([role({ environment: named })])).toEqual([
      { user: "ann", password: "p", from: "_AIRFLOW_WWW_USER_USERNAME of init" },
    ]);
    expect(findNamedLogins([role({ environment: { _AIRFLOW_WWW_USER_PASSWORD: "p" } })])[0]?.user).toBe("admin");
  });

  it("reads the flags of users create in a script, and what variables in them stand for", () => {
    const script =
      'airflow db migrate && airflow users create --role Admin --username ann --password "$SECRET" --email a@b';
    const logins = findNamedLogins([role({ argv: ["bash", "-c", script], environment: { SECRET: "p" } })]);
    expect(logins).toEqual([{ user: "ann", password: "p", from: "users create of init" }]);
  });

  it("finds none where the password comes from elsewhere", () => {
    expect(findNamedLogins([role({ argv: ["airflow", "users", "create", "-u", "ann"] })])).toEqual([]);
  });
});

it("hashes a password as werkzeug does", () => {
  // werkzeug.security.generate_password_hash("secret", "pbkdf2:sha256:150000") with the salt "abcdefgh", 3.1.3
  expect(hashPassword("secret", "abcdefgh")).toBe(
    "pbkdf2:sha256:150000$abcdefgh$d76913d238f185808c0aca5591775615c0fd81da9466f2fcf7b4d2b7c1c22440",
  );
});
