import type { UnitSpec } from "../unit.ts";
import { isLeaseOurs, takeLease, type Lease } from "./lease.ts";
import { findMarked, listProcesses, readArguments, readBootId } from "./process-table.ts";
import { wrapperName } from "./spawn-unit.ts";
import { newMachine, type UnitMachine } from "./transition.ts";
import { readExit, readLease, readStoredStatus, type StoredStatus } from "./unit-store.ts";

/** What became of a unit while nobody supervised it. */
export type Adoption =
  | { readonly kind: "alive"; readonly machine: UnitMachine; readonly lease: Lease; readonly wasStopping: boolean }
  /** It ran when the last supervisor looked, and ended since; the restart policy decides what follows. */
  | {
      readonly kind: "ended";
      readonly machine: UnitMachine;
      readonly exitCode: number | undefined;
      readonly at: number;
    }
  /** It waited for its next start. */
  | { readonly kind: "due"; readonly machine: UnitMachine }
  | { readonly kind: "at-rest"; readonly machine: UnitMachine };

/**
 * Reads what an earlier supervisor left about a unit and compares it with the processes that live. Nothing is
 * signalled. A unit that ran before the last boot is at rest: its order of starting is not ours to guess.
 */
export function adoptUnit(stateDirectory: string, spec: UnitSpec, marker: string): Adoption {
  const stored = readStoredStatus(stateDirectory, spec.service);
  const written = readLease(stateDirectory, spec.service);
  const machine = restoreMachine(stored);
  const lease = written !== undefined && isLeaseOurs(written, marker) ? written : findWrapper(marker);
  if (lease !== undefined) {
    const startedAt = machine.startedAt ?? Date.now();
    const running: UnitMachine = { ...machine, state: "running", startedAt, endedAt: undefined, exitCode: undefined };
    return { kind: "alive", lease, machine: running, wasStopping: machine.state === "stopping" };
  }
  const exit = readExit(stateDirectory, spec.service);
  const ended: UnitMachine = { ...machine, exitCode: exit?.exitCode, endedAt: exit?.at };
  const isThisBoot = stored?.bootId === readBootId();
  switch (machine.state) {
    case "running":
      if (!isThisBoot) return { kind: "at-rest", machine: { ...ended, state: "exited" } };
      return { kind: "ended", machine, exitCode: exit?.exitCode, at: exit?.at ?? Date.now() };
    case "stopping":
      return { kind: "at-rest", machine: { ...ended, state: "stopped" } };
    case "starting":
    case "backing-off":
    case "crash-loop":
      if (!isThisBoot) return { kind: "at-rest", machine: { ...machine, state: "exited" } };
      return { kind: "due", machine: { ...machine, state: "backing-off" } };
    case "exited":
    case "stopped":
      return { kind: "at-rest", machine };
  }
}

/** A unit whose supervisor died between starting it and writing the lease: its wrapper carries the marker. */
function findWrapper(marker: string): Lease | undefined {
  const leaders = listProcesses().filter((row) => row.pid === row.group);
  const marked = findMarked(marker, leaders);
  const wrapper = leaders.find((row) => marked.has(row.pid) && readArguments(row.pid)?.includes(wrapperName) === true);
  return wrapper && takeLease(wrapper.pid);
}

function restoreMachine(stored: StoredStatus | undefined): UnitMachine {
  if (stored === undefined) return newMachine;
  return {
    state: stored.state,
    again: false,
    restarts: stored.restarts,
    quickExits: stored.quickExits,
    startedAt: fromIso(stored.startedAt),
    endedAt: fromIso(stored.endedAt),
    exitCode: stored.exitCode ?? undefined,
  };
}

function fromIso(text: string | null): number | undefined {
  return text === null ? undefined : Date.parse(text);
}
