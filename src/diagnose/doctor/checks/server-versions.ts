import { askServers } from "../ask-servers.ts";
import type { DoctorAnswer, DoctorCheck } from "../doctor-check.ts";
import { serverFacts } from "../server-facts.ts";
import { serverSettings } from "../server-settings.ts";

/** The server that runs is the major that the file names, and client programs beside it are not older. */
export const serverVersions: DoctorCheck = {
  id: "server-versions",
  title: "PostgreSQL",
  scope: "stack",
  questions: ({ stack }) =>
    askServers(stack, async (asked, { service, major }) => {
      // Natively the programs are chosen by the server.
      const isContained = asked.session.engine === "docker";
      const [{ number, version }, facts] = await Promise.all([
        serverSettings(asked, service),
        isContained ? serverFacts(asked, service).catch(() => undefined) : undefined,
      ]);
      return judgeVersions(service, { major, number, version, clients: facts?.clients });
    }),
};

interface Versions {
  /** Of the file's image. */
  readonly major: number;
  /** `server_version_num`. */
  readonly number: number;
  readonly version: string;
  /** psql's; undefined: chosen by the server, or none there. */
  readonly clients: string | undefined;
}

/** Judges what runs by what the file names. Pure. */
export function judgeVersions(service: string, { major, number, version, clients }: Versions): DoctorAnswer {
  const runs = Math.floor(number / 10_000);
  if (runs !== major) {
    return {
      outcome: "fail",
      fact: `runs ${version}, the file names ${major}: the next start would meet data of another major`,
      cure: `bulkhead db backup\nWrite postgres:${runs} at ${service}, or restore the backup into a new volume of ${major}.`,
    };
  }
  if (clients !== undefined && Number.parseInt(clients, 10) < runs) {
    return {
      outcome: "warn",
      fact: `${version}, but its client programs are ${clients}: pg_dump refuses a newer server`,
      cure: `Use the official image postgres:${runs} at ${service}.`,
    };
  }
  return {
    outcome: "ok",
    fact: clients === undefined || clients === version ? version : `${version}, clients ${clients}`,
  };
}
