import { askServers } from "../ask-servers.ts";
import type { DoctorAnswer, DoctorCheck } from "../doctor-check.ts";

/** Tokens and heartbeats are judged by time: a virtual machine that slept has another one than its host. */
const TOLERATED_MS = 5_000;

export const clock: DoctorCheck = {
  id: "clock",
  title: "Clock",
  scope: "stack",
  questions: (place) =>
    askServers(place, async (session) => {
      const before = place.io.clock.now();
      const [row] = await session.query("select extract(epoch from clock_timestamp())::float8 * 1000 as now");
      const own = (before + place.io.clock.now()) / 2;
      return judgeSkew(Number(row?.["now"]) - own);
    }),
};

/** Judges how far a server's clock is before this machine's, milliseconds. Pure. */
export function judgeSkew(ms: number): DoctorAnswer {
  const seconds = (Math.abs(ms) / 1000).toFixed(1);
  return Math.abs(ms) <= TOLERATED_MS
    ? { outcome: "ok", fact: `${seconds} s apart from this machine's` }
    : {
        outcome: "fail",
        fact: `${seconds} s ${ms > 0 ? "before" : "behind"} this machine's: logins and task logs are refused`,
        cure: "Restart the Docker Engine or its virtual machine, and let time be synchronised: sudo timedatectl set-ntp true",
      };
}
