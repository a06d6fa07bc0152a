import type { DoctorAnswer, DoctorCheck } from "../doctor-check.ts";
import { tellGibibytes } from "../tell-gibibytes.ts";

const WANTED_BYTES = 128 * 2 ** 20;

/** PostgreSQL's parallel queries take /dev/shm; `could not resize shared memory segment` is what a full one looks like. */
export const sharedMemory: DoctorCheck = {
  id: "shared-memory",
  title: "Shared memory",
  scope: "host",
  questions: ({ io, engine }) =>
    // A container has its own, which the file's shm_size decides.
    engine === "docker" || io.host.platform !== "linux"
      ? []
      : [
          {
            ask: async () =>
              (await io.files.exists("/dev/shm"))
                ? judgeFree(await io.host.freeDiskBytes("/dev/shm"))
                : { outcome: "fail", fact: "there is no /dev/shm", cure: "sudo mount -t tmpfs tmpfs /dev/shm" },
          },
        ],
};

function judgeFree(bytes: number): DoctorAnswer {
  const fact = `${tellGibibytes(bytes)} free in /dev/shm`;
  return bytes >= WANTED_BYTES
    ? { outcome: "ok", fact }
    : { outcome: "warn", fact, cure: "ls -lS /dev/shm\nsudo mount -o remount,size=1G /dev/shm" };
}
