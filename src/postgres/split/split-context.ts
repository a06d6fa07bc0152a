import type { StepEvidence } from "../../plan/step.ts";
import type { Ports } from "../../ports/ports.ts";
import type { ServerAccess } from "../../ports/server-access.ts";
import type { OwnerId } from "../database-verdict.ts";

/** What the steps of a split work with. */
export interface SplitContext {
  readonly io: Pick<Ports, "files" | "clock">;
  /** The server that has the original. */
  readonly server: ServerAccess;
  /** The database that is worked from when databases are made, renamed and dropped. */
  readonly maintenance: string;
  /** `bulkhead split-20261123-1a2b3c4d`: what our own sessions are known by. */
  readonly application: string;
  /** What a step that is done found. */
  readonly evidence: (step: string) => StepEvidence | undefined;
  readonly signal: AbortSignal;
  /** The server of another service, once it runs. */
  readonly target: (service: string) => Promise<ServerAccess>;
  /** The engine that runs the project; a server by URL has none. */
  readonly project: SplitProject | undefined;
}

/** What an engine does for a split. All functions are idempotent. */
export interface SplitProject {
  /** Services of these that run now. */
  running(services: readonly string[]): Promise<readonly string[]>;
  stop(services: readonly string[], signal: AbortSignal): Promise<void>;
  /** Starts services, with what they depend on, and waits until they are ready. */
  start(services: readonly string[], signal: AbortSignal): Promise<void>;
  /** Starts services of a plan that is put back. One that does not start is told, and no failure: so it was before. */
  startAgain(services: readonly string[], signal: AbortSignal): Promise<void>;
  /** Ends services and removes what they kept: new servers of a plan that is put back. */
  discard(services: readonly string[], signal: AbortSignal): Promise<void>;
  /** Asks an application whether it takes its database for its own. Throws ToolError STACK_FAILED with what it said. */
  ask(part: OwnerId, signal: AbortSignal): Promise<string>;
}
