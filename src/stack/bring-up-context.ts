import type { NativeSession } from "../engine/native/native-session.ts";
import type { PortTable } from "../engine/plan-ports.ts";
import type { SupervisorClient } from "../engine/native/supervisor/client.ts";
import type { Supplies } from "../engine/native/supply-services.ts";
import type { UnitWatch } from "./unit-watch.ts";

export interface BringUpRequest {
  readonly session: NativeSession;
  readonly client: SupervisorClient;
  readonly watch: UnitWatch;
  readonly supplies: Supplies;
  readonly ports: PortTable;
  readonly sharedResources: string;
  /** Services that take part, dependencies included. */
  readonly services: readonly string[];
  readonly waitTimeoutMs: number;
  /** Also run the file's own healthchecks once and warn where they would have failed. */
  readonly runsOwnChecks: boolean;
}

/** What every step of one `up` shares. */
export interface BringUpContext extends BringUpRequest {
  readonly signal: AbortSignal;
  /** Units this `up` started, in order: what Ctrl-C stops. */
  readonly started: string[];
  /** Services that ran with another definition before: who depends on them with `restart: true` is started anew. */
  readonly replaced: Set<string>;
  /** The file's own healthchecks that run beside everything else. */
  readonly checks: Promise<void>[];
  /** What each service waits for now, for the message of a timeout. */
  readonly waiting: Map<string, string>;
  /** The last service that looks into each empty database, by the database's address: the next one waits for it. */
  readonly seeding: Map<string, Promise<unknown>>;
}
