import { describe, expect, it } from "vitest";
import { assertSplittable } from "./assert-splittable.ts";
import type { SplitFacts } from "./split-facts.ts";

const facts: SplitFacts = {
  server: { version: 170_004, systemIdentifier: undefined, inRecovery: false, clones: false },
  self: {
    role: "me",
    isSuperuser: false,
    mayCreateDatabases: true,
    mayCreateRoles: false,
    ownsDatabase: true,
  },
  database: {
    oid: 16_384,
    name: "shared",
    owner: "keeper",
    comment: undefined,
    allowsConnections: true,
    connectionLimit: -1,
    bytes: 8e6,
    grants: undefined,
    settings: [],
  },
  objects: [],
  schemas: [],
  roles: [{ name: "me", isSuperuser: false, mayLogin: true }],
  databases: ["postgres", "shared", "taken"],
  largeObjects: 0,
  preparedTransactions: [],
  logicalSlots: [],
  subscriptions: [],
};
const side = {
  part: "mlflow",
  database: "mlflow",
  role: undefined,
  service: undefined,
  versions: [],
  isEmpty: false,
} as const;

function refusal(
  change: Partial<SplitFacts>,
  to: { readonly database?: string; readonly role?: string } = {},
): unknown {
  try {
    assertSplittable("db:5432", { ...facts, ...change }, [{ ...side, ...to }]);
  } catch (error) {
    return error;
  }
  return undefined;
}

describe("assertSplittable", () => {
  it("lets pass what can come to its end", () => {
    expect(refusal({})).toBeUndefined();
  });

  it.each([
    [120_018, "db:5432 runs PostgreSQL 12; 13 to 18 are known here."],
    [190_000, "db:5432 runs PostgreSQL 19; 13 to 18 are known here."],
  ])("refuses a server of version %i", (version, message) => {
    expect(refusal({ server: { ...facts.server, version } })).toMatchObject({ code: "VERSION_UNKNOWN", message });
  });

  it("refuses a replica", () => {
    expect(refusal({ server: { ...facts.server, inRecovery: true } })).toMatchObject({
      message: "db:5432 is a replica: nothing can be changed on it.",
    });
  });

  it.each([
    [{ mayCreateDatabases: false }, {}, `ALTER ROLE "me" CREATEDB;`],
    [{ ownsDatabase: false }, {}, `GRANT "keeper" TO "me";`],
    [{}, { role: "new" }, `ALTER ROLE "me" CREATEROLE;`],
  ])("says which right is missing: %j", (self, to, grant) => {
    expect(refusal({ self: { ...facts.self, ...self } }, to)).toMatchObject({
      code: "SPLIT_REFUSED",
      hint: `As a superuser: psql -c '${grant}'`,
    });
  });

  it("refuses a name that is taken, but the database's own", () => {
    expect(refusal({}, { database: "taken" })).toMatchObject({
      message: "There is a database taken on db:5432 already.",
    });
    expect(refusal({}, { database: "shared" })).toBeUndefined();
  });
});
