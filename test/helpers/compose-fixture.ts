import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { nodeSources } from "../../src/node/node-sources.ts";
import type { Sources } from "../../src/ports/sources.ts";
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

/** How a project is loaded, with what stands on standard input. */
export type FixtureRequest = LoadRequest & { readonly input?: string };

/**
 * How a fixture is loaded: its `request.json` holds what differs from a bare call in its directory (`cwd` is relative to
 * that). The environment is this and nothing of the machine's.
 */
export function readFixtureRequest(directory: string): FixtureRequest {
  const path = join(directory, "request.json");
  const given = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Partial<FixtureRequest>) : {};
  const cwd = join(directory, given.cwd ?? "");
  return {
    files: given.files ?? [],
    projectName: given.projectName,
    projectDirectory: given.projectDirectory,
    profiles: given.profiles ?? [],
    envFiles: given.envFiles ?? [],
    cwd,
    env: { HOME: "/home/someone", PWD: cwd, ...given.env },
    ...(given.input === undefined ? {} : { input: given.input }),
  };
}

/** Files on disk, and a request's own standard input. */
export function sourcesOf(request: FixtureRequest): Sources {
  const bytes = new TextEncoder().encode(request.input ?? "");
  return { ...nodeSources, read: (path) => (path === "-" ? { kind: "file", path, bytes } : nodeSources.read(path)) };
}

/** Text with the paths of this machine as recordings have them. */
export function withoutPlace(text: string, directory: string): string {
  return text.replaceAll(directory, "<dir>").replaceAll(join(directory, ".."), "<fixtures>");
}
