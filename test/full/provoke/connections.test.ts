import { afterAll, beforeAll, expect, it } from "vitest";
import { createConnectionLab, type ConnectionLab } from "../../helpers/connection-lab.ts";

let lab: ConnectionLab;
beforeAll(async () => {
  lab = await createConnectionLab(["psycopg2-binary"]);
});
afterAll(() => lab?.[Symbol.asyncDispose]());

it.each([
  ["async-driver", "bad"],
  ["database-not-created", "bad"],
  ["host-is-not-a-database", "bad"],
  ["localhost-in-container", "bad"],
  ["localhost-in-container", "bad-published-port"],
  ["missing-driver", "bad-psycopg"],
  ["missing-password", "bad-login"],
  ["no-shared-network", "bad"],
  ["no-shared-network", "bad-default"],
  ["sslmode-refused", "bad"],
  ["unescaped-character", "bad"],
  ["unescaped-character", "bad-percent"],
  ["unknown-dialect", "bad"],
  ["unknown-dialect", "bad-driver"],
  ["unknown-dialect", "bad-no-url"],
  ["unknown-host", "bad"],
  ["unknown-host", "bad-env-file"],
  ["wrong-credentials", "bad"],
  ["wrong-credentials", "bad-password"],
  ["wrong-credentials", "bad-swapped"],
  ["wrong-port", "bad"],
  ["wrong-port", "bad-no-number"],
])("SQLAlchemy prints what %s announces of %s", async (rule, name) => {
  const { consequences, output } = await lab.open(rule, name);
  expect(consequences).not.toEqual([]);
  for (const line of consequences) expect(output).toMatch(asPrinted(line));
});

it("SQLAlchemy without a driver prints what missing-driver announces", async () => {
  await using bare = await createConnectionLab([]);
  const { consequences, output } = await bare.open("missing-driver", "bad");
  expect(consequences).not.toEqual([]);
  for (const line of consequences) expect(output).toContain(line);
});

/** A masked secret stands for any text. */
function asPrinted(line: string): RegExp {
  return new RegExp(
    line
      .split("***")
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join(".+"),
  );
}
