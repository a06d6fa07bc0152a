import { createHash } from "node:crypto";
import { join } from "node:path";

import { ToolError } from "../core/tool-error.ts";
import type { Ports } from "../ports/ports.ts";

/** Where a project's state lies. All absolute. */
export interface StateLayout {
  /** `$BULKHEAD_HOME/projects/NAME`. */
  readonly directory: string;
  readonly projectFile: string;
  readonly units: string;
  readonly volumes: string;
  readonly logs: string;
  readonly backups: string;
  /** Where the state is moved to be removed. */
  readonly removed: string;
  /** Short 0700 directory of the account units run as: PostgreSQL's Unix sockets (107 bytes is Linux's limit). */
  readonly sockets: string;
  readonly controlSocket: string;
}

/** What runs a project's services. */
export type EngineName = "native" | "docker";

/** `project.json`: what a project's state must remember between commands. Format 1. */
export interface ProjectRecord {
  readonly format: 1;
  readonly name: string;
  readonly directory: string;
  readonly files: readonly string[];
  readonly engine: EngineName;
  readonly bulkhead: string;
  /** Host ports by service and container port, kept so that a native restart finds the same ones. */
  readonly ports: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** `$BULKHEAD_HOME`, else the platform's data directory: /var/lib/bulkhead for root. */
export function dataDirectory(host: Pick<Ports["host"], "env" | "home" | "uid" | "platform">): string {
  const chosen = host.env["BULKHEAD_HOME"];
  if (chosen !== undefined && chosen !== "") return chosen;
  if (host.uid === 0) return "/var/lib/bulkhead";
  if (host.platform === "darwin") return join(host.home, "Library", "Application Support", "bulkhead");
  const xdg = host.env["XDG_DATA_HOME"];
  return join(xdg !== undefined && xdg !== "" ? xdg : join(host.home, ".local", "share"), "bulkhead");
}

export function layoutState(host: Ports["host"], projectName: string): StateLayout {
  const directory = join(dataDirectory(host), "projects", projectName);
  const short = createHash("sha256").update(directory).digest("hex").slice(0, 10);
  const runtime = host.uid === 0 && host.platform === "linux" ? "/run" : host.temporaryDirectory;
  const base = join(runtime.length > 60 ? "/tmp" : runtime, `bulkhead-${host.uid}`, short);
  return {
    directory,
    projectFile: join(directory, "project.json"),
    units: join(directory, "units"),
    volumes: join(directory, "volumes"),
    logs: join(directory, "logs"),
    backups: join(dataDirectory(host), "backups", projectName),
    removed: join(dataDirectory(host), "removed", projectName),
    sockets: join(base, "pg"),
    controlSocket: join(base, "control.sock"),
  };
}

/**
 * The short name of a unit's temporary directory. Python's multiprocessing makes Unix sockets of 32 more bytes in it, and
 * the limit is 107 on Linux, 103 on macOS: below the state directory Airflow's LocalExecutor does not start.
 */
export function shortTemporary(layout: StateLayout, service: string): string {
  const short = createHash("sha256").update(service).digest("hex").slice(0, 6);
  return join(layout.sockets, "..", `t${short}`);
}

/** The record of an earlier command, or undefined. A newer format is refused: ToolError STATE_FORMAT. */
export async function loadProjectRecord(
  files: Ports["files"],
  layout: StateLayout,
): Promise<ProjectRecord | undefined> {
  const text = await files.readTextIfPresent(layout.projectFile);
  if (text === undefined) return undefined;
  const record = JSON.parse(text) as { format?: unknown; bulkhead?: unknown };
  if (record.format !== 1) {
    throw new ToolError(
      "STATE_FORMAT",
      `${layout.projectFile} was written by a newer Bulkhead (${String(record.bulkhead)}).`,
      {
        hint: "npm install -g bulkhead@latest",
      },
    );
  }
  return record as ProjectRecord;
}

/** Refuses a project name that another directory already uses: ToolError PROJECT_CONFLICT with both paths. */
export function assertSameDirectory(record: ProjectRecord | undefined, directory: string): void {
  if (record === undefined || record.directory === directory) return;
  throw new ToolError(
    "PROJECT_CONFLICT",
    `The project name ${record.name} is already used by ${record.directory}; this one is ${directory}.`,
    { hint: `bulkhead -p ANOTHER_NAME up, or: cd ${record.directory} && bulkhead down -v` },
  );
}
