import { describe, expect, it } from "vitest";
import { maskRanges, maskSecrets, secretsOfValue } from "./mask-secrets.ts";

const shown = (name: string, value: string) => maskRanges(value, secretsOfValue(name, value));

describe("maskSecrets", () => {
  it("masks several in one text and keeps the rest", () => {
    expect(maskSecrets("a postgresql://u:one@h/d b redis://:two@h/0 c")).toBe(
      "a postgresql://u:***@h/d b redis://:***@h/0 c",
    );
    expect(maskSecrets("postgresql://u@h/d")).toBe("postgresql://u@h/d");
  });
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
