import type { UnitSpec, UnitStatus } from "../unit.ts";
import { adoptUnit } from "./adopt-unit.ts";
import { createUnit, lookEveryMs, type Unit, type UnitWorld } from "./create-unit.ts";
import { unitMarker } from "./unit-marker.ts";
import { forgetUnit, listStoredUnits, readSpec } from "./unit-store.ts";

/** All units of a project. */
export interface Supervisor {
  readonly start: (spec: UnitSpec) => Promise<UnitStatus>;
  readonly stop: (
    service: string,
    options: { readonly forget?: boolean; readonly graceMs?: number },
  ) => Promise<UnitStatus | undefined>;
  /** Rejects when no such unit is known. */
  readonly restart: (service: string) => Promise<UnitStatus>;
  readonly status: () => readonly UnitStatus[];
  readonly stopAll: () => Promise<void>;
  /** Lets go of everything without touching a process. */
  readonly release: () => void;
}

export interface SupervisorOptions extends Pick<UnitWorld, "stateDirectory" | "wrapper" | "timing"> {
  readonly onChange: (status: UnitStatus, gone: boolean) => void;
}

/** Takes over what an earlier supervisor of this project left, living or not. */
export function createSupervisor(options: SupervisorOptions): Supervisor {
  const { stateDirectory } = options;
  const world: UnitWorld = {
    ...options,
    markerOf: (service) => unitMarker(stateDirectory, service),
    onChange: (status) => options.onChange(status, false),
  };
  const units = new Map<string, Unit>();
  const queues = new Map<string, Promise<unknown>>();

  for (const service of listStoredUnits(stateDirectory)) {
    const spec = readSpec(stateDirectory, service);
    if (spec === undefined) continue;
    units.set(service, createUnit(world, spec, adoptUnit(stateDirectory, spec, world.markerOf(service))));
  }

  const looking = setInterval(() => {
    for (const unit of units.values()) unit.look();
  }, lookEveryMs);

  /** Requests for one unit are carried out one after the other. */
  function inTurn<T>(service: string, work: () => Promise<T>): Promise<T> {
    const turn = (queues.get(service) ?? Promise.resolve()).then(work, work);
    queues.set(service, turn);
    return turn;
  }

  return {
    start: (spec) =>
      inTurn(spec.service, () => {
        const unit = units.get(spec.service) ?? createUnit(world, spec);
        units.set(spec.service, unit);
        return unit.start(spec);
      }),
    stop: (service, { forget = false, graceMs }) => {
      // An earlier stop, whose command may have been interrupted, must not hold this one up.
      if (graceMs !== undefined) units.get(service)?.hasten(graceMs);
      return inTurn(service, async () => {
        const unit = units.get(service);
        if (unit === undefined) return undefined;
        const status = await unit.stop(graceMs);
        if (forget) {
          unit.release();
          units.delete(service);
          forgetUnit(stateDirectory, service);
          options.onChange(status, true);
        }
        return status;
      });
    },
    restart: (service) =>
      inTurn(service, async () => {
        const unit = units.get(service);
        if (unit === undefined) throw new Error(`no unit ${service}`);
        return unit.restart();
      }),
    status: () => [...units.values()].map((unit) => unit.status()),
    stopAll: async () => {
      await Promise.all([...units].map(([service, unit]) => inTurn(service, () => unit.stop())));
    },
    release: () => {
      clearInterval(looking);
      for (const unit of units.values()) unit.release();
    },
  };
}
