import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { planInitVersions } from "./plan-init-versions.ts";
import { renderDotenv } from "./render-dotenv.ts";

function secretsOf(seed: string): Record<string, string> {
  let drawn = 0;
  const bytes = (length: number): Uint8Array =>
    new Uint8Array(
      createHash("sha256")
        .update(`${seed}${(drawn += 1)}`)
        .digest()
        .subarray(0, length),
    );
  const text = renderDotenv(planInitVersions({}), { bytes });
  return Object.fromEntries([...text.matchAll(/^(\w+)=(.*)$/gm)].map((match) => [match[1], match[2]]));
}

it("draws every secret on its own", () => {
  const { AIRFLOW_ADMIN_USER, ...secrets } = secretsOf("a");
  expect(AIRFLOW_ADMIN_USER).toBe("admin");
  const both = [...Object.values(secrets), ...Object.values(secretsOf("b")).filter((value) => value !== "admin")];
  expect(both).toHaveLength(12);
  expect(new Set(both).size).toBe(12);
});

it("writes passwords that need no escape, 128 bits or more", () => {
  const { AIRFLOW_DB_PASSWORD, MLFLOW_DB_PASSWORD, AIRFLOW_ADMIN_PASSWORD, ...keys } = secretsOf("a");
  for (const password of [AIRFLOW_DB_PASSWORD, MLFLOW_DB_PASSWORD, AIRFLOW_ADMIN_PASSWORD]) {
    expect(password).toMatch(/^[0-9a-f]{32}$/);
  }
  expect([keys["AIRFLOW_SECRET_KEY"], keys["AIRFLOW_JWT_SECRET"]].join(" ")).toMatch(/^[0-9a-f]{64} [0-9a-f]{64}$/);
});

it("writes a Fernet key of 32 bytes in padded base64url", () => {
  const key = secretsOf("a")["AIRFLOW_FERNET_KEY"] ?? "";
  expect(key).toMatch(/^[A-Za-z0-9_-]{43}=$/);
  expect(Buffer.from(key, "base64url")).toHaveLength(32);
});
