import { join } from "node:path";
import type { ServiceRow } from "../core/result-rows.ts";
import { dataDirectory } from "../engine/project-state.ts";
import type { UnitStatus } from "../engine/native/unit.ts";
import type { Sources } from "../ports/sources.ts";
import type { HealthQuestion } from "../stack/confirm-stack.ts";
import type { ActionContext, ProjectOptions } from "./context.ts";

/**
 * What `ps` needs of a project whose files are as they were: written when everything was ready, read instead of loading
 * the Compose model again. `listing.json` in the project's state (0600).
 */
export interface ProjectListing {
  readonly bulkhead: string;
  /** Working directory and options the project was found by. */
  readonly asked: string;
  /** Every file that was read or looked for, with a digest of its text; null: it was not there. */
  readonly sources: readonly (readonly [path: string, digest: string | null])[];
  /** Variables of the shell that the files name, with a digest of their values then; null: not set. */
  readonly variables: readonly (readonly [name: string, digest: string | null])[];
  readonly controlSocket: string;
  readonly services: readonly ListedService[];
  /** Asked once by each `ps`: components without a port tell by their heartbeats only. */
  readonly questions: readonly HealthQuestion[];
}

/** One service: what no later event changes, and the start of its unit that was found ready. */
export interface ListedService {
  readonly row: Pick<ServiceRow, "name" | "product" | "component" | "ports">;
  /** It had ended with success. */
  readonly isDone: boolean;
  /** `startedAt` of the unit when it was ready; null: it was not asked to run. */
  readonly readySince: string | null;
}

/** The listing of the project that these options mean here, when nothing it was made from has changed. */
export async function findListing(
  context: ActionContext,
  options: ProjectOptions,
): Promise<ProjectListing | undefined> {
  const { files, host, sources } = context.ports;
  const projects = join(dataDirectory(host), "projects");
  const asked = renderAsked(host.cwd, options);
  for (const name of await files.list(projects).catch(() => [])) {
    const text = await files.readTextIfPresent(join(projects, name, "listing.json")).catch(() => undefined);
    const listing = text === undefined ? undefined : parseListing(text);
    if (listing?.bulkhead !== context.version || listing.asked !== asked) continue;
    const isFresh =
      listing.sources.every(([path, digest]) => digestSource(sources, path) === digest) &&
      listing.variables.every(([variable, digest]) => digestVariable(host.env[variable]) === digest);
    if (isFresh) return listing;
  }
  return undefined;
}

/** Working directory and options as one comparable text. */
export function renderAsked(cwd: string, options: ProjectOptions): string {
  const { files, projectName, directory, profiles, envFiles } = options;
  return JSON.stringify([cwd, files, projectName, directory, profiles, envFiles]);
}

/** A digest that tells any edit of a file; null when there is none. */
export function digestSource(sources: Sources, path: string): string | null {
  const found = sources.read(path);
  if (found.kind === "missing") return null;
  return found.kind === "file" ? digest(found.bytes) : found.reason;
}

/** A digest of a variable's value, which may be a secret; null when it is not set. */
export function digestVariable(value: string | undefined): string | null {
  return value === undefined ? null : digest(new TextEncoder().encode(value));
}

/** FNV-1a with two primes: loading node:crypto takes longer than the rest of `ps`, and nobody gains by a collision. */
function digest(bytes: Uint8Array): string {
  let first = 0x811c9dc5;
  let second = 0x01000193;
  for (const byte of bytes) {
    first = Math.imul(first ^ byte, 0x01000193);
    second = Math.imul(second ^ byte, 0x85ebca6b);
  }
  return `${bytes.length}-${(first >>> 0).toString(16)}-${(second >>> 0).toString(16)}`;
}

/** Undefined for a text that somebody damaged: the files are then loaded again. */
function parseListing(text: string): ProjectListing | undefined {
  try {
    return JSON.parse(text) as ProjectListing;
  } catch {
    return undefined;
  }
}

/**
 * The rows as the supervisor tells them now, or undefined when they cannot be told without asking the services: one was
 * started again since it was ready, does not answer its check, or was never ready.
 */
export function listRows(listing: ProjectListing, statuses: readonly UnitStatus[]): readonly ServiceRow[] | undefined {
  const byService = new Map(statuses.map((status) => [status.service, status]));
  const rows: ServiceRow[] = [];
  for (const { row, isDone, readySince } of listing.services) {
    const status = byService.get(row.name);
    byService.delete(row.name);
    // A later run of it would be known.
    const isStillDone = isDone && (status === undefined || (status.state !== "running" && status.exitCode === 0));
    const isReady =
      !isDone && status?.state === "running" && status.startedAt === readySince && status.health !== "unhealthy";
    if (!isStillDone && !isReady) return undefined;
    rows.push({
      ...row,
      state: isDone ? "completed" : "ready",
      health: isDone ? null : "healthy",
      pid: status?.pid ?? null,
      exitCode: isDone ? 0 : null,
      restarts: status?.restarts ?? 0,
      waitingFor: null,
    });
  }
  return byService.size === 0 ? rows : undefined;
}
