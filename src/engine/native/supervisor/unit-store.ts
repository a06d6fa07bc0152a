import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import type { UnitSpec } from "../unit.ts";
import type { Lease } from "./lease.ts";
import { readBootId } from "./process-table.ts";
import { statePaths, unitPaths } from "./state-paths.ts";
import type { UnitMachine } from "./transition.ts";

/** What `status.json` holds: everything about a unit that must survive its supervisor. Times ISO. */
export interface StoredStatus {
  readonly state: UnitMachine["state"];
  readonly restarts: number;
  readonly quickExits: number;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly exitCode: number | null;
  /** The boot in which this was true. */
  readonly bootId: string;
}

/** Units some supervisor of this project was ever told about, sorted. */
export function listStoredUnits(stateDirectory: string): readonly string[] {
  try {
    return readdirSync(statePaths(stateDirectory).units).toSorted();
  } catch {
    return [];
  }
}

export function readSpec(stateDirectory: string, service: string): UnitSpec | undefined {
  return readJson(unitPaths(stateDirectory, service).spec);
}

export function writeSpec(stateDirectory: string, spec: UnitSpec): void {
  const paths = unitPaths(stateDirectory, spec.service);
  mkdirSync(paths.directory, { recursive: true, mode: 0o700 });
  writeJson(paths.spec, spec);
}

export function readLease(stateDirectory: string, service: string): Lease | undefined {
  return readJson(unitPaths(stateDirectory, service).lease);
}

export function writeLease(stateDirectory: string, service: string, lease: Lease): void {
  writeJson(unitPaths(stateDirectory, service).lease, lease);
}

export function removeLease(stateDirectory: string, service: string): void {
  rmSync(unitPaths(stateDirectory, service).lease, { force: true });
}

/** The status the wrapper wrote and when; undefined while it runs, or when it was killed itself. */
export function readExit(
  stateDirectory: string,
  service: string,
): { readonly exitCode: number; readonly at: number } | undefined {
  const path = unitPaths(stateDirectory, service).exit;
  try {
    const text = readFileSync(path, "utf8");
    return /^\d+\n$/.test(text) ? { exitCode: Number(text), at: statSync(path).mtimeMs } : undefined;
  } catch {
    return undefined;
  }
}

export function readStoredStatus(stateDirectory: string, service: string): StoredStatus | undefined {
  return readJson(unitPaths(stateDirectory, service).status);
}

export function writeStoredStatus(stateDirectory: string, service: string, machine: UnitMachine): void {
  const stored: StoredStatus = {
    state: machine.state,
    restarts: machine.restarts,
    quickExits: machine.quickExits,
    startedAt: toIso(machine.startedAt) ?? null,
    endedAt: toIso(machine.endedAt) ?? null,
    exitCode: machine.exitCode ?? null,
    bootId: readBootId(),
  };
  writeJson(unitPaths(stateDirectory, service).status, stored);
}

export function forgetUnit(stateDirectory: string, service: string): void {
  rmSync(unitPaths(stateDirectory, service).directory, { recursive: true, force: true });
}

export function toIso(at: number | undefined): string | undefined {
  return at === undefined ? undefined : new Date(at).toISOString();
}

/** A missing or half-written file is undefined. */
export function readJson<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as T;
  } catch {
    return undefined;
  }
}

/** Replaces the file in one step, mode 0600. */
export function writeJson(path: string, value: unknown): void {
  writeFileSync(`${path}.new`, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
