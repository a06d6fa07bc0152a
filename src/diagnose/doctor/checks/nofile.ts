import { askRunningServers } from "../ask-servers.ts";
import type { DoctorAnswer, DoctorCheck } from "../doctor-check.ts";
import { serverFacts } from "../server-facts.ts";

/** PostgreSQL with 100 sessions and Airflow's parsers stay below this; Linux's own default is 1024 soft, 4096 or more hard. */
const WANTED = 4096;

/** How many files services may have open: their soft limit is raised to the hard one. */
export const nofile: DoctorCheck = {
  id: "nofile",
  title: "Open files",
  scope: "host",
  questions: ({ io, engine, stack }) => {
    if (engine === "docker") {
      return askRunningServers(stack, async (asked, { service }) =>
        judgeLimit(
          (await serverFacts(asked, service)).openFiles,
          `Write ulimits: {nofile: 65536} at ${service} in the Compose file, then:\nbulkhead up`,
        ),
      );
    }
    return io.host.platform !== "linux"
      ? []
      : [
          {
            ask: async () =>
              judgeLimit(readHardLimit(await io.files.readText("/proc/self/limits")), `ulimit -n ${WANTED}`),
          },
        ];
  },
};

/** The hard limit in the text of /proc/PID/limits; NaN: none is told. Pure. */
export function readHardLimit(text: string): number {
  const hard = /^Max open files\s+\S+\s+(\S+)/m.exec(text)?.[1];
  return hard === "unlimited" ? Number.POSITIVE_INFINITY : Number(hard);
}

/** Judges how many files a process may have open. Pure. */
export function judgeLimit(limit: number, cure: string): DoctorAnswer {
  if (Number.isNaN(limit)) return { outcome: "unknown", fact: "no limit of open files is told" };
  const fact = limit === Number.POSITIVE_INFINITY ? "as many as wanted" : `${limit} a process`;
  return limit >= WANTED
    ? { outcome: "ok", fact }
    : { outcome: "warn", fact: `only ${fact}, ${WANTED} are wanted`, cure };
}
