import type { UnitStatus } from "../../../engine/native/unit.ts";
import type { DoctorAnswer, DoctorCheck } from "../doctor-check.ts";

/** What was started still runs, and jobs ended well. */
export const services: DoctorCheck = {
  id: "services",
  title: "Service",
  scope: "stack",
  questions: ({ stack }) => {
    if (stack === undefined) return [];
    const { services } = stack.session.topology;
    if (stack.units.size === 0) {
      return [{ ask: async () => ({ outcome: "unknown", fact: "nothing of it runs", cure: "bulkhead up" }) }];
    }
    return Object.keys(services).map((service) => ({
      subject: service,
      ask: async () => judgeUnit(service, stack.units.get(service), stack.completed.has(service)),
    }));
  },
};

/** Judges how a service is. `isDone`: it is there to end, and did so with success. Pure. */
export function judgeUnit(service: string, unit: UnitStatus | undefined, isDone: boolean): DoctorAnswer {
  const cure = `bulkhead logs ${service}\nbulkhead explain`;
  if (unit === undefined || unit.state === "stopped") {
    if (isDone) return { outcome: "ok", fact: "did its work" };
    return { outcome: "unknown", fact: "does not run", cure: `bulkhead up ${service}` };
  }
  const { state, exitCode, restarts } = unit;
  if (state === "crash-loop" || state === "backing-off") {
    return { outcome: "fail", fact: `ends again and again (exit code ${exitCode ?? "unknown"})`, cure };
  }
  if (state === "exited") {
    return isDone && exitCode === 0
      ? { outcome: "ok", fact: "did its work" }
      : { outcome: "fail", fact: `ended with exit code ${exitCode ?? "unknown"}`, cure };
  }
  if (unit.health === "unhealthy") {
    return {
      outcome: "fail",
      fact: `runs, its health check fails: ${unit.healthDetail || "it does not say why"}`,
      cure,
    };
  }
  return restarts > 0
    ? { outcome: "warn", fact: `${state}, was restarted ${restarts === 1 ? "once" : `${restarts} times`}`, cure }
    : { outcome: "ok", fact: state };
}
