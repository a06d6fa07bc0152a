import { quoteWord } from "../../../core/quote-word.ts";
import { askRunningServers } from "../ask-servers.ts";
import { dockerInfo } from "../docker-info.ts";
import type { DoctorAnswer, DoctorCheck, DoctorQuestion } from "../doctor-check.ts";
import type { DoctorPlace } from "../doctor-place.ts";
import { serverFacts } from "../server-facts.ts";
import { tellSize } from "../tell-size.ts";

const GIBIBYTE = 2 ** 30;

/** Free space where data, environments and the project lie; PostgreSQL stops when its disk is full. */
export const disk: DoctorCheck = {
  id: "disk",
  title: "Disk",
  scope: "host",
  questions: (place) => {
    const { io, dataDirectory, supply, stack, engine } = place;
    const places = new Set([
      dataDirectory,
      ...(engine === "docker" ? [] : [supply.cache]),
      ...(stack === undefined ? [] : [stack.session.project.directory]),
    ]);
    return [
      ...[...places].map((path) => ({
        subject: path,
        ask: async () => judgeFree(await io.host.freeDiskBytes(path), `df -h ${quoteWord(path)}`),
      })),
      ...(engine === "docker" ? [askEngine(place), ...askContainers(place)] : []),
    ];
  },
};

/** An engine in a virtual machine keeps its own disk, which its containers tell of. */
function askEngine(place: DoctorPlace): DoctorQuestion {
  return {
    subject: "Docker Engine",
    ask: async () => {
      const { rootDirectory } = await dockerInfo(place);
      if (!(await place.io.files.exists(rootDirectory).catch(() => false))) {
        return { outcome: "ok", fact: `it keeps its own, ${rootDirectory}: its databases tell how much is free` };
      }
      return judgeFree(await place.io.host.freeDiskBytes(rootDirectory), "docker system df\ndocker system prune");
    },
  };
}

function askContainers({ stack }: DoctorPlace): readonly DoctorQuestion[] {
  const questions = askRunningServers(stack, async (asked, { service }) => {
    const { free } = await serverFacts(asked, service);
    const bytes = Object.entries(free).find(([mount]) => mount !== "/dev/shm")?.[1];
    return bytes === undefined
      ? { outcome: "unknown", fact: "df does not tell it" }
      : judgeFree(bytes, `bulkhead exec ${service} df -h\ndocker system df`);
  });
  return questions.map(({ subject, ask }) => ({ subject: `data of ${subject}`, ask }));
}

/** Judges the free bytes of a file system. `cure`: what shows where they went. Pure. */
export function judgeFree(bytes: number, cure: string): DoctorAnswer {
  const fact = `${tellSize(bytes)} free`;
  if (bytes >= 5 * GIBIBYTE) return { outcome: "ok", fact };
  return {
    outcome: bytes < GIBIBYTE / 2 ? "fail" : "warn",
    fact: `only ${fact}`,
    cure: `${cure}\nNever remove files below pg_wal: free space elsewhere.`,
  };
}
