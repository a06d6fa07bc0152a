import { describe, expect, it } from "vitest";
import { maskRanges, secretsOfValue } from "./mask-secrets.ts";

const shown = (name: string, value: string) => maskRanges(value, secretsOfValue(name, value));

it("maskRanges masks several ranges and keeps the rest", () => {
  expect(
    maskRanges("abcdef", [
      { start: 0, end: 2 },
      { start: 3, end: 4 },
    ]),
  ).toBe("***c***ef");
});

describe("secretsOfValue", () => {
  it.each([
    ["POSTGRES_PASSWORD", "two words", "***"],
    ["POSTGRES_PASSWORD", "", ""],
    ["POSTGRES_PASSWORD_FILE", "/run/secrets/x", "/run/secrets/x"],
    ["AIRFLOW__CORE__FERNET_KEY", "abc=", "***"],
    ["DSN", "postgresql://u:p@h/d", "postgresql://u:***@h/d"],
    ["POSTGRES_USER", "airflow", "airflow"],
  ])("of %s=%s leaves %s", (name, value, rest) => {
    expect(shown(name, value)).toBe(rest);
  });
});
