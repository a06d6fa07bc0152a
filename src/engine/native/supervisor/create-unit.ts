import type { UnitSpec, UnitStatus } from "../unit.ts";
import type { Adoption } from "./adopt-unit.ts";
import { clearUnit, endUnit } from "./end-unit.ts";
import { watchHealth, type HealthWatch } from "./health-watch.ts";
import { isLeaseAlive, takeLease, type Lease } from "./lease.ts";
import { listProcesses } from "./process-table.ts";
import { spawnUnit, unitEnvironment } from "./spawn-unit.ts";
import { unitPaths } from "./state-paths.ts";
import { newMachine, transition, type RestartTiming, type UnitEffect, type UnitEvent } from "./transition.ts";
import { noteInLog, writeToLog } from "./unit-log.ts";
import { readExit, removeLease, toIso, writeLease, writeSpec, writeStoredStatus } from "./unit-store.ts";

/** What every unit of a supervisor shares. */
export interface UnitWorld {
  readonly stateDirectory: string;
  /** Text of `resources/sh/unit.sh`. */
  readonly wrapper: string;
  readonly timing: RestartTiming;
  /** As `unitMarker`. */
  readonly markerOf: (service: string) => string;
  readonly onChange: (status: UnitStatus) => void;
}

/** One supervised unit: feeds what happens to the transition table and carries out what the table answers. */
export interface Unit {
  readonly status: () => UnitStatus;
  readonly spec: () => UnitSpec;
  /** Resolves when the unit runs, or has already ended again. Replaces the running one if the hash differs. */
  readonly start: (spec: UnitSpec) => Promise<UnitStatus>;
  readonly restart: () => Promise<UnitStatus>;
  /** Resolves when nothing of the unit is left. `graceMs`: instead of the specification's. */
  readonly stop: (graceMs?: number) => Promise<UnitStatus>;
  /** Leaves a unit that is being stopped no more than this from now. */
  readonly hasten: (graceMs: number) => void;
  /** Looks whether an adopted unit, which is nobody's child here, still lives. */
  readonly look: () => void;
  /** Lets go of timers without touching the unit's processes. */
  readonly release: () => void;
}

/** How often an adopted unit that is no child of ours is looked at. */
export const lookEveryMs = 1000;

/** A unit at rest, or with `adoption` one that goes on where an earlier supervisor left it. */
export function createUnit(world: UnitWorld, first: UnitSpec, adoption?: Adoption): Unit {
  const { service } = first;
  const marker = world.markerOf(service);
  const { exit: exitFile } = unitPaths(world.stateDirectory, service);
  let spec = first;
  if (adoption === undefined) writeSpec(world.stateDirectory, spec);
  let machine = adoption?.machine ?? newMachine;
  let lease = adoption?.kind === "alive" ? adoption.lease : undefined;
  let isChild = false;
  let applicationPid: number | undefined;
  let delay: NodeJS.Timeout | undefined;
  let healthWatch: HealthWatch | undefined;
  let clearing: Promise<void> | undefined;
  let askedGraceMs: number | undefined;
  let endingSince: number | undefined;
  let released = false;
  let waiters: (() => void)[] = [];

  const graceMs = (): number => askedGraceMs ?? spec.stopGraceMs;

  const status = (): UnitStatus => ({
    service,
    hash: spec.hash,
    state: machine.state,
    health: healthWatch?.health().verdict ?? "unknown",
    pid: findApplicationPid(),
    startedAt: toIso(machine.startedAt),
    endedAt: toIso(machine.endedAt),
    exitCode: machine.exitCode,
    restarts: machine.restarts,
    healthDetail: healthWatch?.health().detail,
  });

  /** The wrapper's only child; known shortly after the start, so asked for when somebody wants it. */
  function findApplicationPid(): number | undefined {
    if (lease === undefined || (machine.state !== "running" && machine.state !== "stopping")) return undefined;
    const leader = lease.pid;
    applicationPid ??= listProcesses().find((row) => row.parent === leader)?.pid;
    return applicationPid ?? leader;
  }

  function happen(event: UnitEvent): void {
    if (released) return;
    const next = transition(machine, event, spec.restart, world.timing);
    const changed = next.machine !== machine;
    machine = next.machine;
    if (changed) {
      if (machine.state !== "running") stopHealth();
      keep(() => writeStoredStatus(world.stateDirectory, service, machine));
    }
    for (const effect of next.effects) carryOut(effect);
    if (!changed) return;
    world.onChange(status());
    const woken = waiters;
    waiters = [];
    for (const wake of woken) wake();
  }

  function carryOut(effect: UnitEffect): void {
    switch (effect.kind) {
      case "spawn":
        void spawnWhenClear();
        return;
      case "end":
        void end();
        return;
      case "clear":
        clear();
        return;
      case "delay":
        delay = setTimeout(() => happen({ type: "delay-over", at: Date.now() }), effect.ms);
        return;
      case "cancel-delay":
        clearTimeout(delay);
        return;
    }
  }

  /** A full disk must not end supervision: without these notes adoption has the marker and the exit file. */
  function keep(write: () => void): void {
    try {
      write();
    } catch (error) {
      process.stderr.write(`${new Date().toISOString()} ${service}: ${String(error)}\n`);
    }
  }

  async function spawnWhenClear(): Promise<void> {
    await clearing;
    // A stop may have come meanwhile.
    if (machine.state !== "starting" || released) return;
    const spawned = spawnUnit(spec, world.wrapper, marker, exitFile);
    if (spawned.pid === undefined) {
      const { exitCode, reason } = await spawned.ended;
      writeToLog(spec.logFile, reason ?? `${service} could not be started`);
      happen({ type: "ended", at: Date.now(), exitCode });
      return;
    }
    const at = Date.now();
    const leaseNow: Lease = takeLease(spawned.pid) ?? { pid: spawned.pid, startTime: "", bootId: "" };
    lease = leaseNow;
    isChild = true;
    applicationPid = undefined;
    keep(() => writeLease(world.stateDirectory, service, leaseNow));
    noteInLog(spec.logFile, at, "start");
    happen({ type: "spawned", at });
    startHealth(at);
    void spawned.ended.then(({ exitCode }) => leaderEnded(leaseNow, exitCode));
  }

  /** The wrapper ended. While stopping, `end` reports when the rest has followed. */
  function leaderEnded(of: Lease, exitCode: number | undefined): void {
    if (lease !== of || machine.state !== "running") return;
    const written = readExit(world.stateDirectory, service);
    const at = written?.at ?? Date.now();
    noteInLog(spec.logFile, at, "exit", written?.exitCode ?? exitCode);
    happen({ type: "ended", at, exitCode: written?.exitCode ?? exitCode });
  }

  async function end(): Promise<void> {
    await clearing;
    const ending = lease;
    endingSince = performance.now();
    if (ending !== undefined) report(await endUnit({ ...spec, graceMs }, ending, marker));
    endingSince = undefined;
    lease = undefined;
    removeLease(world.stateDirectory, service);
    const exitCode = ending && (readExit(world.stateDirectory, service)?.exitCode ?? 137);
    noteInLog(spec.logFile, Date.now(), "exit", exitCode);
    happen({ type: "ended", at: Date.now(), exitCode });
  }

  function clear(): void {
    const leader = lease?.pid;
    const before = clearing;
    lease = undefined;
    removeLease(world.stateDirectory, service);
    const work = (async () => {
      await before;
      report(await clearUnit({ ...spec, graceMs }, leader, marker));
    })();
    clearing = work;
  }

  function report(left: readonly number[]): void {
    if (left.length > 0) writeToLog(spec.logFile, `process ${left.join(", ")} of ${service} could not be ended`);
  }

  function startHealth(startedAt: number): void {
    stopHealth();
    if (spec.check === undefined || machine.state !== "running") return;
    const environment = unitEnvironment(spec, marker);
    healthWatch = watchHealth(spec, spec.check, environment, startedAt, () => world.onChange(status()));
  }

  function stopHealth(): void {
    healthWatch?.stop();
    healthWatch = undefined;
  }

  async function until(reached: () => boolean): Promise<UnitStatus> {
    while (!reached()) await new Promise<void>((resolve) => waiters.push(resolve));
    return status();
  }

  const isSettled = (): boolean => machine.state !== "starting" && machine.state !== "stopping";

  function goOn(from: Adoption): void {
    if (from.kind === "alive") {
      keep(() => writeLease(world.stateDirectory, service, from.lease));
      startHealth(machine.startedAt ?? Date.now());
      if (from.wasStopping) happen({ type: "stop", at: Date.now() });
      return;
    }
    clear();
    if (from.kind === "ended") {
      noteInLog(spec.logFile, from.at, "exit", from.exitCode);
      happen({ type: "ended", at: from.at, exitCode: from.exitCode });
    }
    if (from.kind === "due") happen({ type: "delay-over", at: Date.now() });
  }

  if (adoption !== undefined) goOn(adoption);
  keep(() => writeStoredStatus(world.stateDirectory, service, machine));

  return {
    status,
    spec: () => spec,
    start: async (wanted) => {
      if (wanted.hash !== spec.hash) {
        happen({ type: "stop", at: Date.now() });
        await until(isSettled);
        await clearing;
      }
      spec = wanted;
      writeSpec(world.stateDirectory, spec);
      happen({ type: "start", at: Date.now() });
      return until(isSettled);
    },
    restart: () => {
      happen({ type: "restart", at: Date.now() });
      return until(isSettled);
    },
    stop: async (asked) => {
      askedGraceMs = asked;
      happen({ type: "stop", at: Date.now() });
      await until(() => machine.state === "stopped");
      await clearing;
      askedGraceMs = undefined;
      return status();
    },
    hasten: (fromNow) => {
      if (endingSince === undefined) return;
      askedGraceMs = Math.min(graceMs(), performance.now() - endingSince + fromNow);
    },
    look: () => {
      if (isChild || lease === undefined || machine.state !== "running") return;
      if (!isLeaseAlive(lease)) leaderEnded(lease, undefined);
    },
    release: () => {
      released = true;
      clearTimeout(delay);
      stopHealth();
    },
  };
}
