import { describe, expect, it } from "vitest";
import { findPassword } from "./find-password.ts";

const login = { host: "db", port: 5432, database: "airflow", user: "me" };

describe("findPassword", () => {
  it.each([
    ["db:5432:airflow:me:secret", "secret"],
    ["*:*:*:*:any\ndb:5432:airflow:me:later", "any"],
    ["# db:5432:airflow:me:comment\n\ndb:5433:*:*:other\ndb:*:*:me:right\r\n", "right"],
    [String.raw`db:5432:airflow:me:a\:b\\c:d`, "a:b\\c:d"],
    ["db:5432:airflow:me:", ""],
    ["db:5432:airflow:you:secret", undefined],
    ["db:5432:airflow:me", undefined],
    ["", undefined],
  ])("in %j is %j", (text, password) => {
    expect(findPassword(text, login)).toBe(password);
  });

  it("matches names with colons", () => {
    expect(findPassword(String.raw`\:\:1:5432:a\\b:me:x`, { ...login, host: "::1", database: "a\\b" })).toBe("x");
  });
});
