import { describe, expect, it } from "vitest";
import { releaseTable } from "./release-table.ts";

const text = `{"revisions":[
["a1","","First",[["create-table","runs","id name"],["add-column","runs","step"]],0],
["b2","a1","Second",[["rename-table","runs","trips"],["rename-column","trips","name","title"]],0],
["b2","a1","Second, edited",[["alter-column","trips","title",{"type":"String(9)","nullable":false}]],1],
["c3","b2","Left",[["drop-table","trips"]],0],
["d4","b2","Right",[["drop-column","trips","id"]],0]
],
"chains":[
[0,1],
[0,0,2,4],
[]
],
"releases":[
["1.0.0","2021-08-25","3.6 3.7",0],
["1.10.0","2022-01-17","3.7",1,2]
]}`;

const table = releaseTable("mlflow", text);

describe("releaseTable", () => {
  it("lists versions in the order they were written", () => {
    expect(table.versions).toEqual(["1.0.0", "1.10.0"]);
  });

  it("reads a release with its revisions and changes", () => {
    expect(table.release("1.0.0")).toEqual({
      version: "1.0.0",
      releasedOn: "2021-08-25",
      supportedPython: ["3.6", "3.7"],
      alembicHeads: ["b2"],
      revisions: [
        {
          id: "a1",
          parents: [],
          title: "First",
          changes: [
            { kind: "create-table", table: "runs", columns: ["id", "name"] },
            { kind: "add-column", table: "runs", column: "step" },
          ],
          partly: false,
        },
        {
          id: "b2",
          parents: ["a1"],
          title: "Second",
          changes: [
            { kind: "rename-table", table: "runs", to: "trips" },
            { kind: "rename-column", table: "trips", column: "name", to: "title" },
          ],
          partly: false,
        },
      ],
      authRevisions: [],
    });
  });

  it("joins the runs of a chain, so that a release has its own form of a revision", () => {
    const release = table.release("1.10.0");
    expect(release?.revisions.map(({ id, title }) => [id, title])).toEqual([
      ["a1", "First"],
      ["b2", "Second, edited"],
      ["c3", "Left"],
      ["d4", "Right"],
    ]);
    expect(release?.revisions[1]).toMatchObject({
      partly: true,
      changes: [{ kind: "alter-column", table: "trips", column: "title", type: "String(9)", nullable: false }],
    });
  });

  it("tells every head of a release that was cut inside a fork", () => {
    expect(table.release("1.10.0")?.alembicHeads).toEqual(["c3", "d4"]);
  });

  it("does not know a version that only begins like one", () => {
    expect(table.release("1.0")).toBeUndefined();
  });

  it("parses nothing before the first question", () => {
    expect(() => releaseTable("mlflow", "not JSON")).not.toThrow();
  });
});
