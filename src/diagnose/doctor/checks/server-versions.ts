import { askServers } from "../ask-servers.ts";
import type { DoctorAnswer, DoctorCheck } from "../doctor-check.ts";

/** The server that runs is the major that the file names; extensions and collations are those it was made with. */
export const serverVersions: DoctorCheck = {
  id: "server-versions",
  title: "PostgreSQL",
  scope: "stack",
  questions: (place) =>
    askServers(place, async (session, { service, major }) => {
      const [row] = await session.query(
        "select current_setting('server_version_num')::int as number, current_setting('server_version') as version",
      );
      return judgeMajor(service, major, Number(row?.["number"]), String(row?.["version"]));
    }),
};

/** Judges `server_version_num` against the major of the file's image. Pure. */
export function judgeMajor(service: string, major: number, number: number, version: string): DoctorAnswer {
  const runs = Math.floor(number / 10_000);
  return runs === major
    ? { outcome: "ok", fact: version }
    : {
        outcome: "fail",
        fact: `runs ${version}, the file names ${major}: the next start would meet data of another major`,
        cure: `bulkhead db backup\nWrite postgres:${runs} at ${service}, or restore the backup into a new volume of ${major}.`,
      };
}
