import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { LoadRequest } from "../../src/compose/load-request.ts";

/** What `docker compose config --format json` said about a fixture, and which Compose said it. */
export interface Recording {
  /** The version the executable tells. */
  readonly compose: string;
  /** Path, version and checksum of the Go module it was built from. */
  readonly module: string;
  readonly model?: unknown;
  readonly refused?: string;
}

/**
 * How a fixture is loaded: its `request.json` holds what differs from a bare call in its directory (`cwd` is relative to
 * that). The environment is this and nothing of the machine's.
 */
export function readFixtureRequest(directory: string): LoadRequest {
  const path = join(directory, "request.json");
  const given = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Partial<LoadRequest>) : {};
  const cwd = join(directory, given.cwd ?? "");
  return {
    files: given.files ?? [],
    projectName: given.projectName,
    projectDirectory: given.projectDirectory,
    profiles: given.profiles ?? [],
    envFiles: given.envFiles ?? [],
    cwd,
    env: { HOME: "/home/someone", PWD: cwd, ...given.env },
  };
}

/** Text with the paths of this machine as recordings have them. */
export function withoutPlace(text: string, directory: string): string {
  return text.replaceAll(directory, "<dir>").replaceAll(join(directory, ".."), "<fixtures>");
}
