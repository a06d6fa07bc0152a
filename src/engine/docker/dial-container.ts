import type { Dial, Processes } from "../../ports/processes.ts";
import type { DockerCli } from "./docker-cli.ts";
import { relayScript } from "./relay-script.ts";

/**
 * A line to `host` and `port` as a container sees them, through a process inside it. It ends with the line; `signal` ends it
 * before.
 */
export function dialContainer(
  processes: Pick<Processes, "converse">,
  { env }: Pick<DockerCli, "env">,
  { id, host, port }: { readonly id: string; readonly host: string; readonly port: number },
  signal?: AbortSignal,
): Dial {
  const inside = ["sh", "-c", relayScript, "relay", host, String(port)];
  const wanted = { env, ...(signal === undefined ? {} : { signal }) };
  return () => processes.converse({ argv: ["docker", "exec", "--interactive", id, ...inside], ...wanted });
}
