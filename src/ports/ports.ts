import type { Clock } from "./clock.ts";
import type { Files } from "./files.ts";
import type { Host } from "./host.ts";
import type { Http } from "./http.ts";
import type { Processes } from "./processes.ts";
import type { Random } from "./random.ts";
import type { Sockets } from "./sockets.ts";
import type { Sources } from "./sources.ts";
import type { Sql } from "./sql.ts";

/** All ports by name. A function asks for what it uses: `io: Pick<Ports, "files" | "clock">`. */
export interface Ports {
  readonly sources: Sources;
  readonly files: Files;
  readonly processes: Processes;
  readonly http: Http;
  readonly sql: Sql;
  readonly sockets: Sockets;
  readonly host: Host;
  readonly clock: Clock;
  readonly random: Random;
}
