import { quoteWord } from "../../../core/quote-word.ts";
import type { DoctorAnswer, DoctorCheck } from "../doctor-check.ts";
import { tellGibibytes } from "../tell-gibibytes.ts";

const GIBIBYTE = 2 ** 30;

/** Free space where data, environments and the project lie; PostgreSQL stops when its disk is full. */
export const disk: DoctorCheck = {
  id: "disk",
  title: "Disk",
  scope: "host",
  questions: ({ io, dataDirectory, supply, stack }) => {
    const places = new Set([
      dataDirectory,
      supply.cache,
      ...(stack === undefined ? [] : [stack.session.project.directory]),
    ]);
    return [...places].map((path) => ({
      subject: path,
      ask: async () => judgeFree(path, await io.host.freeDiskBytes(path)),
    }));
  },
};

/** Judges the free bytes of the file system that `path` is on. Pure. */
export function judgeFree(path: string, bytes: number): DoctorAnswer {
  const fact = `${tellGibibytes(bytes)} free`;
  if (bytes >= 5 * GIBIBYTE) return { outcome: "ok", fact };
  return {
    outcome: bytes < GIBIBYTE / 2 ? "fail" : "warn",
    fact: `only ${fact}`,
    cure: `df -h ${quoteWord(path)}\nNever remove files below pg_wal: free space elsewhere.`,
  };
}
