import { findMarked, listProcesses, type ProcessRow } from "./process-table.ts";

/**
 * Every living process of a unit: its session (children that called setpgid are still in it), processes that carry its
 * marker in their environment (those that called setsid), and all descendants of these.
 *
 * `leader` is the pid of the unit's wrapper, which names its session, or undefined when that pid can no longer be
 * trusted; then only the marker counts.
 */
export function findMembers(leader: number | undefined, marker: string): readonly ProcessRow[] {
  const rows = listProcesses();
  return selectMembers(rows, leader, findMarked(marker, rows), process.pid);
}

/** The pure part of `findMembers`. `self` and its ancestors are never members. */
export function selectMembers(
  rows: readonly ProcessRow[],
  leader: number | undefined,
  marked: ReadonlySet<number>,
  self: number,
): readonly ProcessRow[] {
  const parents = new Map(rows.map((row) => [row.pid, row.parent]));
  const never = new Set<number>([1]);
  for (let pid: number | undefined = self; pid !== undefined && pid > 0 && !never.has(pid); pid = parents.get(pid)) {
    never.add(pid);
  }
  const members = new Set<number>();
  for (const row of rows) {
    const own = leader !== undefined && (row.pid === leader || row.session === leader || row.group === leader);
    if ((own || marked.has(row.pid)) && !never.has(row.pid)) members.add(row.pid);
  }
  for (let grew = members.size > 0; grew;) {
    grew = false;
    for (const row of rows) {
      if (members.has(row.pid) || never.has(row.pid) || !members.has(row.parent)) continue;
      members.add(row.pid);
      grew = true;
    }
  }
  return rows.filter((row) => members.has(row.pid));
}

/** Members whose parent is no member: the application's first process, and what detached itself from it. */
export function rootsOf(members: readonly ProcessRow[]): readonly ProcessRow[] {
  const pids = new Set(members.map((row) => row.pid));
  return members.filter((row) => !pids.has(row.parent));
}
