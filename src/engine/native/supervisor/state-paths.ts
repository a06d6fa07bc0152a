import { join } from "node:path";

/** Where a project's supervisor keeps what it knows. Everything is 0600 or below a 0700 directory. */
export interface StatePaths {
  readonly supervisor: string;
  readonly supervisorLog: string;
  readonly claims: string;
  readonly units: string;
}

export interface UnitPaths {
  readonly directory: string;
  /** The specification; holds secrets. */
  readonly spec: string;
  readonly lease: string;
  /** The exit status, written by the unit's wrapper; empty while it runs. */
  readonly exit: string;
  readonly status: string;
}

export function statePaths(stateDirectory: string): StatePaths {
  return {
    supervisor: join(stateDirectory, "supervisor.json"),
    supervisorLog: join(stateDirectory, "supervisor.log"),
    claims: join(stateDirectory, "supervisor.claims"),
    units: join(stateDirectory, "units"),
  };
}

export function unitPaths(stateDirectory: string, service: string): UnitPaths {
  const directory = join(stateDirectory, "units", service);
  return {
    directory,
    spec: join(directory, "unit.json"),
    lease: join(directory, "lease.json"),
    exit: join(directory, "exit"),
    status: join(directory, "status.json"),
  };
}
