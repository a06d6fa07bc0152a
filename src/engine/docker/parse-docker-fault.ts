/** What can keep `docker` or Compose from doing its work, told apart by their own words. */
export type DockerFaultKind =
  | "compose-missing"
  | "forbidden"
  | "not-running"
  | "context-missing"
  | "engine-too-old"
  | "client-too-old"
  | "engine-too-old-for-file"
  | "image-not-found"
  | "platform-missing"
  | "registry-refused"
  | "registry-unreachable"
  | "disk-full"
  | "port-taken"
  | "name-taken"
  | "build-failed"
  | "other";

export interface DockerFault {
  readonly kind: DockerFaultKind;
  /** What the message names: an address, an image, a port, a container's name, a version. Empty: nothing. */
  readonly subject: string;
  /** The line that says it, without what Docker writes before every error. */
  readonly line: string;
}

/** The first that matches counts; a named group `subject` is what the message names. */
const signatures: readonly (readonly [kind: DockerFaultKind, pattern: RegExp])[] = [
  ["compose-missing", /^(docker: )?(unknown command: docker compose|'compose' is not a docker command)/m],
  // What a client without the plugin makes of Compose's own flags.
  ["compose-missing", /^unknown (flag: --(project-name|file|short)|shorthand flag: 'f' in -f)/m],
  ["forbidden", /permission denied while trying to connect to the .*? at (?<subject>unix:\/\/[^\s:]+)/],
  ["forbidden", /dial unix (?<subject>\S+): connect: permission denied/],
  ["context-missing", /context "(?<subject>[^"]+)"(?:: context not found| does not exist)/],
  ["not-running", /Cannot connect to the Docker daemon at (?<subject>\S+?)\. Is the docker daemon running/],
  ["not-running", /failed to connect to the docker API at (?<subject>[^\s;]+)/],
  ["image-not-found", /Image (?<subject>\S+) Error (?:Error response from daemon: )?manifest .*unknown/],
  ["registry-refused", /toomanyrequests|pull rate limit|unauthorized:|no basic auth credentials/],
  [
    "image-not-found",
    /pull access denied for (?<subject>\S+?),|manifest for (?<subject2>\S+) not found|(?<subject3>\S+): not found$/m,
  ],
  ["platform-missing", /no matching manifest for (?<subject>\S+)|does not (match|provide) the specified platform/],
  ["disk-full", /no space left on device/],
  [
    "port-taken",
    /(?:listen tcp[46]? |Bind for )\S+:(?<subject>\d+)(?:: bind: address already in use| failed: port is already)/,
  ],
  ["port-taken", /exposing port TCP \S+:(?<subject>\d+) ->/],
  ["name-taken", /container name "\/?(?<subject>[^"]+)" is already in use/],
  ["engine-too-old", /client version \S+ is too new\. Maximum supported API version is (?<subject>[\d.]+)/],
  ["client-too-old", /client version (?<subject>\S+) is too old/],
  // Compose's own words, of which the version is in engines' numbering or in the interface's.
  ["engine-too-old-for-file", /requires? Docker Engine v?(?<subject>[\d.]+) or later/],
  [
    "build-failed",
    /The command '(?<subject>.+)' returned a non-zero code|failed to solve: .*process "(?<subject2>.+)" did not/,
  ],
  [
    "registry-unreachable",
    /Get "https?:\/\/(?<subject>[^/"]+)\/v2\/[^"]*": |failed to resolve reference "(?<subject2>[^/"]+)\//,
  ],
  // By SSH, or by a name that leads nowhere.
  ["not-running", /error during connect: .*?(?:stderr=|dial )(?<subject>.+)$/m],
];

/** Reads what `docker` wrote to stderr. */
export function parseDockerFault(stderr: string): DockerFault {
  const lines = stderr
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  for (const [kind, pattern] of signatures) {
    const match = pattern.exec(stderr);
    if (match === null) continue;
    const subject = Object.values(match.groups ?? {}).find((value) => value !== undefined) ?? "";
    const line = lines.find((one) => pattern.test(one)) ?? match[0];
    return { kind, subject, line: withoutLead(line) };
  }
  // Compose tells its steps on the same stream; an error is their last line, or the one marked as such.
  const error = lines.findLast((line) => /error|failed|invalid|cannot/i.test(line)) ?? lines.at(-1) ?? "";
  return { kind: "other", subject: "", line: withoutLead(error) };
}

function withoutLead(line: string): string {
  return line.replace(/^(?:Error response from daemon: |docker: |error during connect: )+/, "");
}
