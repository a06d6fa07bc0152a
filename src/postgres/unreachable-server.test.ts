import { expect, it } from "vitest";
import type { SqlFailure } from "../ports/sql.ts";
import { unreachableServer } from "./unreachable-server.ts";

const login = { label: "127.0.0.1:15432", user: "o'neil", database: "bulkhead split-1 mlflow", hasPassword: true };

it.each<[SqlFailure["failure"], string]>([
  ["role", String.raw`psql -h 127.0.0.1 -p 15432 -c '\du'`],
  ["database", String.raw`psql -h 127.0.0.1 -p 15432 -U 'o'\''neil' -l`],
  ["other", String.raw`psql -h 127.0.0.1 -p 15432 -U 'o'\''neil' 'bulkhead split-1 mlflow'`],
  ["permission", `GRANT CONNECT ON DATABASE "bulkhead split-1 mlflow" TO "o'neil";`],
])("%s: what to do can be pasted as it stands", (failure, command) => {
  const { hint } = unreachableServer({ failure, reason: "no", sqlState: undefined }, login);
  expect(hint?.endsWith(`: ${command}`)).toBe(true);
});

it("an address of IPv6 keeps its colons", () => {
  const { hint } = unreachableServer(
    { failure: "role", reason: "no", sqlState: undefined },
    { ...login, label: "::1:5432" },
  );
  expect(hint).toContain("psql -h ::1 -p 5432");
});
