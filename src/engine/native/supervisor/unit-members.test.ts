import { describe, expect, it } from "vitest";
import type { ProcessRow } from "./process-table.ts";
import { rootsOf, selectMembers } from "./unit-members.ts";

/** pid, parent, group, session */
function row(pid: number, parent: number, group: number, session: number): ProcessRow {
  return { pid, parent, group, session, startTime: "1" };
}

const rows = [
  row(1, 0, 1, 1),
  row(10, 1, 10, 10), // the supervisor
  row(20, 10, 20, 20), // a wrapper
  row(21, 20, 20, 20), // its application
  row(22, 21, 22, 20), // a child with a group of its own
  row(23, 1, 23, 23), // an orphan with a session of its own
  row(24, 23, 24, 24), // its child, whose environment was cleared
  row(30, 10, 30, 30), // another unit's wrapper
  row(31, 30, 30, 30),
];

const pids = (members: readonly ProcessRow[]): readonly number[] => members.map(({ pid }) => pid);

describe("selectMembers", () => {
  it("takes session, group, marked processes and their descendants", () => {
    expect(pids(selectMembers(rows, 20, new Set([23]), 10))).toEqual([20, 21, 22, 23, 24]);
  });

  it("trusts only the marker when the leader is unknown", () => {
    expect(pids(selectMembers(rows, undefined, new Set([22]), 10))).toEqual([22]);
    expect(selectMembers(rows, undefined, new Set(), 10)).toEqual([]);
  });

  it("never takes the supervisor or what it descends from, marked or not", () => {
    expect(selectMembers(rows, undefined, new Set([1, 10]), 10)).toEqual([]);
    expect(pids(selectMembers(rows, 20, new Set([21]), 22))).toEqual([]);
  });
});

it("rootsOf gives the members that no member started", () => {
  expect(pids(rootsOf(selectMembers(rows, 20, new Set([23]), 10)))).toEqual([20, 23]);
});
