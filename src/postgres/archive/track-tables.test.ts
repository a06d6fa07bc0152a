import { describe, expect, it } from "vitest";
import { progressText } from "./progress-text.ts";
import { trackTables, type TransferProgress } from "./track-tables.ts";

describe("trackTables", () => {
  it("counts a table as done when as many others have begun as there are jobs", () => {
    const seen: TransferProgress[] = [];
    let now = 0;
    const tables = [4e9, 2e9, 2e9].map((bytes, at) => ({ schema: "public", name: `t ${at}`, bytes }));
    const { onLine, onBytes, onEnd } = trackTables({ now: () => now }, tables, 2, (progress) => seen.push(progress));
    onLine("pg_dump: reading extensions");
    onLine('pg_dump: dumping contents of table "public.t 0"');
    now = 1000;
    onLine('pg_dump: dumping contents of table "public.t 1"');
    onBytes(1e8);
    onBytes(1e9);
    now = 8000;
    onLine('pg_restore: processing data for table "public.t 2"');
    onLine('pg_restore: processing data for table "other.t"');
    // No more than the tables at work have, and never less than was said before.
    onBytes(9e9);
    onBytes(0);
    onEnd();
    expect(seen.map(progressText)).toEqual([
      "0 B of 8.0 GB",
      "0 B of 8.0 GB",
      "100 MB of 8.0 GB",
      "1.0 GB of 8.0 GB, 7 s left",
      "4.0 GB of 8.0 GB, 8 s left",
      "8.0 GB of 8.0 GB, 1 s left",
      "8.0 GB of 8.0 GB, 1 s left",
      "8.0 GB of 8.0 GB",
    ]);
  });
});

describe("progressText", () => {
  it.each([
    [{ done: 0, total: 999, secondsLeft: undefined }, "0 B of 999 B"],
    [{ done: 1_234_567, total: 99_960_000, secondsLeft: 0.2 }, "1.2 MB of 100 MB, 1 s left"],
    [{ done: 5e8, total: 3e12, secondsLeft: 600 }, "500 MB of 3.0 TB, 10 min left"],
    [{ done: 5e8, total: 3e12, secondsLeft: 9000 }, "500 MB of 3.0 TB, 2.5 h left"],
  ])("of %j", (progress, text) => expect(progressText(progress)).toBe(text));
});
