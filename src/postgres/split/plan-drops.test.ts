import { describe, expect, it } from "vitest";
import { planDrops } from "./plan-drops.ts";
import type { SplitObject, SplitObjectKind } from "./split-facts.ts";

const object = (kind: SplitObjectKind, name: string, ...needs: string[]): SplitObject => ({
  key: name,
  kind,
  schema: "public",
  name,
  identity: `public.${name}`,
  owner: "x",
  needs,
  granted: [],
});

describe("planDrops", () => {
  it("drops what shows tables, then the tables together, then what they used", () => {
    const statements = planDrops([
      object("function", "touch"),
      object("table", "runs", "touch", "level"),
      object("table", "metrics", "runs"),
      object("view", "best", "runs"),
      object("view", "better", "best"),
      object("type", "level"),
      object("foreign table", "remote"),
    ]);
    expect(statements).toEqual([
      "DROP VIEW IF EXISTS public.better",
      "DROP VIEW IF EXISTS public.best",
      "DROP FOREIGN TABLE IF EXISTS public.remote CASCADE",
      "DROP TABLE IF EXISTS public.runs, public.metrics CASCADE",
      "DROP FUNCTION IF EXISTS public.touch",
      "DROP TYPE IF EXISTS public.level",
    ]);
  });

  it("drops a function that takes a table's rows before the table", () => {
    expect(planDrops([object("table", "runs"), object("function", "f(public.runs)", "runs")])).toEqual([
      "DROP FUNCTION IF EXISTS public.f(public.runs)",
      "DROP TABLE IF EXISTS public.runs CASCADE",
    ]);
  });

  it("keeps ten thousand tables within the lock table, and leaves no out", () => {
    const tables = Array.from({ length: 10_000 }, (_, at) => object("table", `t${at}`));
    const statements = planDrops(tables);
    expect(statements).toHaveLength(20);
    expect(statements.flatMap((one) => one.match(/public\.t\d+/g) ?? [])).toHaveLength(10_000);
  });

  it("ends for objects that need each other", () => {
    expect(planDrops([object("function", "f", "t"), object("type", "t", "f")])).toHaveLength(2);
  });
});
