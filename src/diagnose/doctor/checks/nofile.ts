import type { DoctorAnswer, DoctorCheck } from "../doctor-check.ts";

/** PostgreSQL with 100 sessions and Airflow's parsers stay below this; Linux's own default is 1024 soft, 4096 or more hard. */
const WANTED = 4096;

/** How many files services may have open: their soft limit is raised to the hard one. */
export const nofile: DoctorCheck = {
  id: "nofile",
  title: "Open files",
  scope: "host",
  questions: ({ io, engine }) =>
    engine === "docker" || io.host.platform !== "linux"
      ? []
      : [{ ask: async () => judgeLimits(await io.files.readText("/proc/self/limits")) }],
};

/** Judges the text of /proc/PID/limits. Pure. */
export function judgeLimits(text: string): DoctorAnswer {
  const hard = /^Max open files\s+\S+\s+(\S+)/m.exec(text)?.[1];
  if (hard === undefined) return { outcome: "unknown", fact: "/proc/self/limits tells no limit of open files" };
  const fact = `${hard} a process`;
  return hard === "unlimited" || Number(hard) >= WANTED
    ? { outcome: "ok", fact }
    : { outcome: "warn", fact: `only ${fact}, ${WANTED} are wanted`, cure: `ulimit -n ${WANTED}` };
}
