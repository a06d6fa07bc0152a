import type { DoctorPlace } from "./doctor-place.ts";

/** What an engine tells of the machine it runs on, which may be a virtual one. */
export interface DockerInfo {
  /** Its clock, milliseconds since the epoch, and ours when it answered. */
  readonly clockMs: number;
  readonly ownClockMs: number;
  readonly memoryBytes: number;
  /** Where it keeps images, containers and volumes. */
  readonly rootDirectory: string;
  /** `apparmor`, `selinux`, `rootless`, `seccomp`, ... */
  readonly security: readonly string[];
}

interface Answer {
  readonly SystemTime?: string;
  readonly MemTotal?: number;
  readonly DockerRootDir?: string;
  readonly SecurityOptions?: readonly string[] | null;
}

const asked = new WeakMap<DoctorPlace, Promise<DockerInfo>>();

/** One question to the engine for all checks. Throws where it gives no answer; the check `engine` tells why. */
export function dockerInfo(place: DoctorPlace): Promise<DockerInfo> {
  const answer = asked.get(place) ?? ask(place);
  asked.set(place, answer);
  return answer;
}

async function ask({ docker, io }: DoctorPlace): Promise<DockerInfo> {
  const before = io.clock.now();
  const { exitCode, stdout } = await docker.docker(["info", "--format", "{{json .}}"], { timeoutMs: 8_000 });
  const ownClockMs = (before + io.clock.now()) / 2;
  const answer = exitCode === 0 ? (JSON.parse(stdout) as Answer) : {};
  const { SystemTime: time, MemTotal: memoryBytes, DockerRootDir: rootDirectory } = answer;
  // Without an engine the client still prints what it knows of itself.
  if (time === undefined || !memoryBytes || !rootDirectory) throw new Error("the Docker Engine does not answer");
  const security = (answer.SecurityOptions ?? []).flatMap((option) => /name=(\w+)/.exec(option)?.[1] ?? []);
  return { clockMs: Date.parse(time), ownClockMs, memoryBytes, rootDirectory, security };
}
