import { airflowReleases } from "../../../catalog/airflow/versions.ts";
import { mlflowReleases } from "../../../catalog/mlflow/versions.ts";
import { askServers } from "../ask-servers.ts";
import { dockerInfo } from "../docker-info.ts";
import type { DoctorAnswer, DoctorCheck } from "../doctor-check.ts";
import { serverSettings } from "../server-settings.ts";

/** Tokens and heartbeats are judged by time: a virtual machine that slept has another one than its host. */
const TOLERATED_MS = 5_000;

const SYNCHRONISE = "sudo timedatectl set-ntp true";

/** This machine's clock is plausible, and the engine's and each server's agree with it. */
export const clock: DoctorCheck = {
  id: "clock",
  title: "Clock",
  scope: "host",
  questions: (place) => [
    { subject: "this machine", ask: async () => judgeTime(place.io.clock.now(), newestRelease()) },
    ...(place.engine === "docker"
      ? [
          {
            subject: "Docker Engine",
            ask: async () => {
              const { clockMs, ownClockMs } = await dockerInfo(place);
              return judgeSkew(clockMs - ownClockMs);
            },
          },
        ]
      : []),
    ...askServers(place.stack, async (stack, { service }) => judgeSkew((await serverSettings(stack, service)).aheadMs)),
  ],
};

/** The day of the newest release that is known, `2026-10-30`: it cannot be earlier. */
function newestRelease(): string {
  const days = [airflowReleases, mlflowReleases].map((table) => table.release(table.versions.at(-1) ?? "")?.releasedOn);
  return (
    days
      .map((day) => day ?? "")
      .toSorted()
      .at(-1) ?? ""
  );
}

/** Judges a clock by a day that has been. Pure. */
export function judgeTime(nowMs: number, past: string): DoctorAnswer {
  const now = new Date(nowMs).toISOString();
  return now >= past
    ? { outcome: "ok", fact: `${now.slice(0, 16).replace("T", " ")} UTC` }
    : {
        outcome: "fail",
        fact: `it is ${now.slice(0, 10)} here, which is over: certificates and tokens are refused`,
        cure: SYNCHRONISE,
      };
}

/** Judges how far a clock is ahead of this machine's, milliseconds. Pure. */
export function judgeSkew(ms: number): DoctorAnswer {
  const seconds = (Math.abs(ms) / 1000).toFixed(1);
  return Math.abs(ms) <= TOLERATED_MS
    ? { outcome: "ok", fact: `${seconds} s apart from this machine's` }
    : {
        outcome: "fail",
        fact: `${seconds} s ${ms > 0 ? "ahead of" : "behind"} this machine's: logins and task logs are refused`,
        cure: `${SYNCHRONISE}\nWhere the Docker Engine runs in a virtual machine, restart that.`,
      };
}
