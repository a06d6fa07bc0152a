import { dockerInfo } from "../docker-info.ts";
import type { DoctorAnswer, DoctorCheck } from "../doctor-check.ts";
import { tellSize } from "../tell-size.ts";

/** Airflow's own minimum for its Compose file (docs: "at least 4GB of memory"), less what firmware and kernel keep. */
const WANTED_BYTES = 3.5 * 2 ** 30;

const SHORT_BYTES = 0.5 * 2 ** 30;

/** What this machine has left, and what the one has that a Docker Engine runs on. */
export const memory: DoctorCheck = {
  id: "memory",
  title: "Memory",
  scope: "host",
  questions: (place) => [
    ...(place.io.host.platform === "linux"
      ? [{ ask: async () => judgeMemory(await place.io.files.readText("/proc/meminfo")) }]
      : []),
    ...(place.engine === "docker"
      ? [{ subject: "Docker Engine", ask: async () => judgeTotal((await dockerInfo(place)).memoryBytes) }]
      : []),
  ],
};

/** Judges the text of /proc/meminfo. Pure. */
export function judgeMemory(text: string): DoctorAnswer {
  const read = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text)?.[1]) * 1024;
  const [total, available] = [read("MemTotal"), read("MemAvailable")];
  if (Number.isNaN(total) || Number.isNaN(available))
    return { outcome: "unknown", fact: "/proc/meminfo tells no sizes" };
  const fact = `${tellSize(available)} of ${tellSize(total)} available`;
  if (available < SHORT_BYTES) {
    return {
      outcome: "warn",
      fact: `${fact}: what starts now may be ended by the kernel (exit code 137)`,
      cure: "ps -eo rss,pid,args --sort=-rss | head",
    };
  }
  return { ...judgeTotal(total), fact: total < WANTED_BYTES ? `${fact}: Airflow wants 4 GiB` : fact };
}

/** Judges how much a machine has. Pure. */
export function judgeTotal(bytes: number): DoctorAnswer {
  const fact = tellSize(bytes);
  return bytes < WANTED_BYTES
    ? {
        outcome: "warn",
        fact: `${fact}: Airflow wants 4 GiB`,
        cure: "Give the machine more memory, or run fewer services.",
      }
    : { outcome: "ok", fact };
}
