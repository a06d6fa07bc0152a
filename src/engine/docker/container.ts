import type { UnitStatus } from "../native/unit.ts";

/** What `docker inspect` tells of one container of a project. */
export interface Container {
  readonly id: string;
  /** Without the leading slash. */
  readonly name: string;
  readonly service: string;
  readonly status: UnitStatus;
  /** No line of its last run is older, epoch milliseconds; undefined: every line counts. */
  readonly lastRunFrom: number | undefined;
  /** Its environment: the image's and the file's. Holds secrets. */
  readonly env: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  /** Published container ports: `5432` -> address on this machine. */
  readonly published: Readonly<Record<number, { readonly host: string; readonly port: number }>>;
  /** Where other containers reach it; undefined when it does not run, or has no network of its own. */
  readonly address: string | undefined;
  readonly mounts: readonly ContainerMount[];
  readonly isOneOff: boolean;
  /** Its image or the file has it asked for its health. */
  readonly hasHealthcheck: boolean;
}

export interface ContainerMount {
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  /** A folder or file of the engine's machine, not a volume. */
  readonly isBind: boolean;
  /** The volume's name; undefined for what is none. */
  readonly volume: string | undefined;
}

interface Inspected {
  readonly Id: string;
  readonly Name: string;
  readonly Created: string;
  readonly RestartCount?: number;
  readonly State: {
    readonly Status: string;
    readonly Pid: number;
    readonly ExitCode: number;
    readonly OOMKilled?: boolean;
    readonly Error?: string;
    readonly StartedAt: string;
    readonly FinishedAt: string;
    readonly Health?: {
      readonly Status: string;
      readonly Log?: readonly { readonly Output: string; readonly ExitCode: number }[] | null;
    };
  };
  readonly Config: {
    readonly Env?: readonly string[] | null;
    readonly WorkingDir?: string;
    readonly Labels?: Readonly<Record<string, string>> | null;
  };
  readonly Mounts?: readonly {
    readonly Type: string;
    readonly Name?: string;
    readonly Source: string;
    readonly Destination: string;
    readonly RW: boolean;
  }[];
  readonly NetworkSettings?: {
    readonly Networks?: Readonly<Record<string, { readonly IPAddress?: string }>> | null;
    readonly Ports?: Readonly<
      Record<string, readonly { readonly HostIp: string; readonly HostPort: string }[] | null>
    > | null;
  };
}

/** Reads the JSON array that `docker inspect ID...` prints. */
export function parseContainers(text: string): readonly Container[] {
  return (JSON.parse(text) as Inspected[]).map(readContainer);
}

/** The innermost mount of a container that holds a path. */
export function mountAt({ mounts }: Pick<Container, "mounts">, path: string): ContainerMount | undefined {
  return innermostAt(mounts, path);
}

/** The innermost of some mounts that holds a path. */
export function innermostAt<T extends { readonly target: string }>(mounts: readonly T[], path: string): T | undefined {
  const holding = mounts.filter(({ target }) => path === target || path.startsWith(`${target}/`));
  return holding.toSorted((a, b) => b.target.length - a.target.length)[0];
}

/** Where a PostgreSQL container keeps its cluster, a path in it: its image says it in PGDATA. */
export function dataDirectoryIn({ env }: Pick<Container, "env">): string {
  return env["PGDATA"] ?? "/var/lib/postgresql/data";
}

function readContainer(one: Inspected): Container {
  const labels = one.Config.Labels ?? {};
  const service = labels["com.docker.compose.service"] ?? one.Name.slice(1);
  return {
    id: one.Id,
    name: one.Name.replace(/^\//, ""),
    service,
    lastRunFrom: readLastRun(one),
    status: readStatus(one, service, labels["com.docker.compose.config-hash"] ?? ""),
    env: Object.fromEntries((one.Config.Env ?? []).map((entry) => splitAtEquals(entry))),
    workingDirectory: one.Config.WorkingDir || "/",
    published: readPublished(one),
    address: Object.values(one.NetworkSettings?.Networks ?? {}).find(({ IPAddress }) => Boolean(IPAddress))?.IPAddress,
    mounts: (one.Mounts ?? []).map(({ Type, Name, Source, Destination, RW }) => ({
      source: Source,
      target: Destination,
      readOnly: !RW,
      isBind: Type === "bind",
      volume: Name,
    })),
    hasHealthcheck: one.State.Health !== undefined,
    isOneOff: labels["com.docker.compose.oneoff"] === "True",
  };
}

function readStatus(one: Inspected, service: string, hash: string): UnitStatus {
  const { State: state } = one;
  const hasEnded = state.Status === "exited" || state.Status === "dead";
  return {
    service,
    hash,
    state: stateOf(state.Status, one.RestartCount ?? 0),
    health: healthOf(state.Health?.Status),
    pid: state.Pid > 0 ? state.Pid : undefined,
    startedAt: timeOf(state.StartedAt),
    endedAt: hasEnded ? timeOf(state.FinishedAt) : undefined,
    exitCode: hasEnded || state.Status === "restarting" ? state.ExitCode : undefined,
    restarts: one.RestartCount ?? 0,
    healthDetail: describeCheck(state.Health?.Log?.at(-1)),
  };
}

/** So long may a run go on before the engine writes down that it began. */
const startMarginMs = 10_000;

/**
 * Engines before 25 take `StartedAt` only after the program runs, which has printed and even ended by then (seen with 20.10).
 * Docker keeps no times of the runs that a restart policy ended: then everything counts.
 */
function readLastRun({ Created, RestartCount = 0, State }: Inspected): number | undefined {
  const [created, started, finished] = [Created, State.StartedAt, State.FinishedAt].map((text) => timeOf(text));
  if (RestartCount > 0 || created === undefined || started === undefined) return undefined;
  // Of what runs, it is the end of the run before.
  if (State.Status === "running" && finished !== undefined) return Date.parse(finished);
  return Math.max(Date.parse(created), Date.parse(started) - startMarginMs);
}

/** So many restarts in a row tell that a further one will not help. */
const crashLoop = 5;

/** `created` waits for its start; what is paused runs, and answers nothing. */
function stateOf(status: string, restarts: number): UnitStatus["state"] {
  switch (status) {
    case "running":
    case "paused":
      return "running";
    case "restarting":
      return restarts < crashLoop ? "backing-off" : "crash-loop";
    case "exited":
    case "dead":
      return "exited";
    case "removing":
      return "stopping";
    default:
      return "stopped";
  }
}

function healthOf(status: string | undefined): UnitStatus["health"] {
  return status === "healthy" || status === "unhealthy" ? status : "unknown";
}

/** What a health check said last and how it ended, the latter only when it failed. */
function describeCheck(check: { readonly Output: string; readonly ExitCode: number } | undefined): string | undefined {
  if (check === undefined) return undefined;
  const line = check.Output.trim().split("\n").at(-1)?.trim().slice(0, 300) ?? "";
  const parts = [line, check.ExitCode === 0 ? "" : `exit code ${check.ExitCode}`];
  return parts.filter((part) => part !== "").join(" - ");
}

/** Docker writes the year 1 for what never happened. */
function timeOf(text: string): string | undefined {
  return text.startsWith("0001-") ? undefined : text;
}

function readPublished(one: Inspected): Container["published"] {
  const published: Record<number, { host: string; port: number }> = {};
  for (const [key, bindings] of Object.entries(one.NetworkSettings?.Ports ?? {})) {
    const [target, protocol] = key.split("/");
    // IPv4 and IPv6 are listed apart.
    const binding = bindings?.find(({ HostIp }) => !HostIp.includes(":")) ?? bindings?.[0];
    if (protocol !== "tcp" || binding === undefined) continue;
    const host = binding.HostIp === "" || binding.HostIp === "0.0.0.0" ? "127.0.0.1" : binding.HostIp;
    published[Number(target)] = { host, port: Number(binding.HostPort) };
  }
  return published;
}

function splitAtEquals(entry: string): readonly [string, string] {
  const at = entry.indexOf("=");
  return at < 0 ? [entry, ""] : [entry.slice(0, at), entry.slice(at + 1)];
}
