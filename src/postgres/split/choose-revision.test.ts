import { describe, expect, it } from "vitest";
import type { RevisionEvidence } from "../database-verdict.ts";
import { chooseRevision } from "./choose-revision.ts";

const choose = (evidence: Partial<RevisionEvidence>) =>
  chooseRevision({
    owner: "mlflow",
    schema: "public",
    tables: [],
    isSkeleton: false,
    revision: {
      versionTable: "alembic_version",
      recorded: [],
      fingerprint: undefined,
      alsoFits: [],
      outOfOrder: [],
      release: undefined,
      ...evidence,
    },
  })?.revision;

describe("chooseRevision", () => {
  it("takes what the columns tell where no row does, or another one's", () => {
    expect(choose({ fingerprint: "7f2a7d5fae7d" })).toBe("7f2a7d5fae7d");
    expect(choose({ fingerprint: "7f2a7d5fae7d", recorded: ["bf29a5ff90ea"] })).toBe("7f2a7d5fae7d");
  });

  it("keeps a row that looks the same as the columns", () => {
    expect(choose({ fingerprint: "5b0e9adcef9c", alsoFits: ["4465047574b1"], recorded: ["4465047574b1"] })).toBe(
      "4465047574b1",
    );
  });

  it("keeps the descendant of two rows when the columns have it", () => {
    expect(choose({ fingerprint: "b", recorded: ["a", "b"] })).toBe("b");
  });

  it("keeps the only row of a release that is not known", () => {
    expect(choose({ recorded: ["ffff00001111"] })).toBe("ffff00001111");
    expect(choose({ recorded: ["ffff00001111", "ffff00002222"] })).toBeUndefined();
  });

  it("chooses nothing where marks are out of order, or nothing tells", () => {
    expect(choose({ fingerprint: "b", recorded: ["b"], outOfOrder: ["c"] })).toBeUndefined();
    expect(choose({})).toBeUndefined();
  });
});
