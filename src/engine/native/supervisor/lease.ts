import { hasMarker, readBootId, readProcess } from "./process-table.ts";

/** Proof that a process is ours: a pid alone may belong to a stranger by now. */
export interface Lease {
  readonly pid: number;
  /** As `ProcessRow.startTime`. */
  readonly startTime: string;
  readonly bootId: string;
}

/** The lease of a living process, or undefined when it has ended already. */
export function takeLease(pid: number): Lease | undefined {
  const row = readProcess(pid);
  return row && { pid, startTime: row.startTime, bootId: readBootId() };
}

/** True while the very process of the lease lives. */
export function isLeaseAlive(lease: Lease): boolean {
  return readProcess(lease.pid)?.startTime === lease.startTime;
}

/**
 * True when the lease's process lives, was started since the last boot, and carries our marker: the whole question an
 * adopting supervisor has to ask of a lease somebody else wrote.
 */
export function isLeaseOurs(lease: Lease, marker: string): boolean {
  return lease.bootId === readBootId() && isLeaseAlive(lease) && hasMarker(lease.pid, marker) !== false;
}
