import { askRunningServers } from "../ask-servers.ts";
import type { DoctorAnswer, DoctorCheck } from "../doctor-check.ts";
import { serverFacts } from "../server-facts.ts";
import { tellSize } from "../tell-size.ts";

/** Natively all share one; a container has its own, and 64 MiB of it unless the file says shm_size. */
const WANTED_BYTES = { native: 128 * 2 ** 20, docker: 32 * 2 ** 20 };

/** PostgreSQL's parallel queries take /dev/shm; `could not resize shared memory segment` is what a full one looks like. */
export const sharedMemory: DoctorCheck = {
  id: "shared-memory",
  title: "Shared memory",
  scope: "host",
  questions: ({ io, engine, stack }) => {
    if (engine === "docker") {
      return askRunningServers(stack, async (asked, { service }) =>
        judgeShared(
          (await serverFacts(asked, service)).free["/dev/shm"],
          WANTED_BYTES.docker,
          `Write shm_size: 256mb at ${service} in the Compose file, then:\nbulkhead up`,
        ),
      );
    }
    return io.host.platform !== "linux"
      ? []
      : [
          {
            ask: async () =>
              judgeShared(
                (await io.files.exists("/dev/shm")) ? await io.host.freeDiskBytes("/dev/shm") : undefined,
                WANTED_BYTES.native,
                "ls -lS /dev/shm\nsudo mount -o remount,size=1G /dev/shm",
              ),
          },
        ];
  },
};

/** Judges the free bytes of a /dev/shm; undefined: there is none. Pure. */
export function judgeShared(bytes: number | undefined, wanted: number, cure: string): DoctorAnswer {
  if (bytes === undefined)
    return { outcome: "fail", fact: "there is no /dev/shm", cure: "sudo mount -t tmpfs tmpfs /dev/shm" };
  const fact = `${tellSize(bytes)} free in /dev/shm`;
  return bytes >= wanted ? { outcome: "ok", fact } : { outcome: "warn", fact: `only ${fact}`, cure };
}
