import { findDocker } from "../../../engine/docker/find-docker.ts";
import { assertPlatform } from "../../../supply/assert-platform.ts";
import { isToolError } from "../../../core/tool-error.ts";
import type { DoctorAnswer, DoctorCheck } from "../doctor-check.ts";
import type { DoctorPlace } from "../doctor-place.ts";

/** The engine that runs the project is here, answers, may be used and is new enough. Undecided: which ones could. */
export const engine: DoctorCheck = {
  id: "engine",
  title: "Engine",
  scope: "host",
  questions: (place) => [
    ...(place.engine === "docker" ? [] : [{ subject: "native", ask: async () => askNative(place) }]),
    ...(place.engine === "native"
      ? []
      : [{ subject: "docker", ask: (signal: AbortSignal) => askDocker(place, signal) }]),
  ],
};

function askNative({ io, supply }: DoctorPlace): DoctorAnswer {
  try {
    const platform = assertPlatform(io.host);
    const account = io.host.uid === 0 ? `services run as uid ${supply.unitUser.uid}` : "services run as you";
    return { outcome: "ok", fact: `${platform}; ${account}` };
  } catch (error) {
    return tellFault(error, "fail");
  }
}

async function askDocker({ io, docker, engine }: DoctorPlace, signal: AbortSignal): Promise<DoctorAnswer> {
  try {
    const found = await findDocker(io, docker, { timeoutMs: 8_000, signal });
    return { outcome: "ok", fact: `Docker Engine ${found.engine}, Compose ${found.compose}` };
  } catch (error) {
    // The native engine can do without.
    return tellFault(error, engine === "docker" ? "fail" : "warn");
  }
}

function tellFault(error: unknown, outcome: "fail" | "warn"): DoctorAnswer {
  if (!isToolError(error)) throw error;
  return { outcome, fact: error.message, cure: error.hint };
}
