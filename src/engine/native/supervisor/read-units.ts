import type { UnitStatus } from "../unit.ts";
import { adoptUnit } from "./adopt-unit.ts";
import { unitMarker } from "./unit-marker.ts";
import { listStoredUnits, readSpec, toIso } from "./unit-store.ts";

/**
 * What is known of a project's units when no supervisor answers: read from its state and compared with the processes
 * that live. Nothing is started, signalled or written. Health is unknown, for nobody asks.
 */
export function readUnits(stateDirectory: string): readonly UnitStatus[] {
  const statuses: UnitStatus[] = [];
  for (const service of listStoredUnits(stateDirectory)) {
    const spec = readSpec(stateDirectory, service);
    if (spec === undefined) continue;
    const adoption = adoptUnit(stateDirectory, spec, unitMarker(stateDirectory, service));
    const { machine } = adoption;
    const isEnded = adoption.kind === "ended";
    statuses.push({
      service,
      hash: spec.hash,
      state: isEnded ? "exited" : machine.state,
      health: "unknown",
      pid: adoption.kind === "alive" ? adoption.lease.pid : undefined,
      startedAt: toIso(machine.startedAt),
      endedAt: toIso(isEnded ? adoption.at : machine.endedAt),
      exitCode: isEnded ? adoption.exitCode : machine.exitCode,
      restarts: machine.restarts,
      healthDetail: undefined,
    });
  }
  return statuses;
}
