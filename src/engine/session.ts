import type { Project } from "../compose/project.ts";
import type { Emit } from "../core/event.ts";
import type { Ports } from "../ports/ports.ts";
import type { Topology } from "../topology/topology.ts";
import type { UnitStatus } from "./native/unit.ts";
import type { EngineName, ProjectRecord, StateLayout } from "./project-state.ts";

/** Facts of the installed package that an engine needs. All paths absolute. */
export interface EngineHome {
  /** How live parts are reached, too: under Docker, `http` and `sql` lead into containers that publish nothing. */
  readonly ports: Ports;
  readonly resources: string;
  readonly supervisorEntry: string;
  readonly postgresDependency: string | undefined;
  readonly version: string;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** A project under an engine, whether or not anything of it runs: what readiness, proof and tables need to know. */
export interface Session {
  readonly engine: EngineName;
  readonly home: EngineHome;
  readonly project: Project;
  readonly topology: Topology;
  readonly layout: StateLayout;
  /** What an earlier command remembered. */
  readonly record: ProjectRecord | undefined;
  /** What the file's own healthcheck last told of a service; absent, or undefined: none is asked by this engine. */
  readonly ownHealth?: (service: string) => Pick<UnitStatus, "health" | "healthDetail"> | undefined;
}
