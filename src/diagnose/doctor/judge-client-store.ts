import type { DoctorAnswer } from "./doctor-check.ts";
import type { StackPlace } from "./doctor-place.ts";

/**
 * Judges an artifact root that clients write to themselves: on a disk, each service that logs must mount the same place there
 * as the server does, or what it writes is seen by nobody else. Elsewhere it cannot be asked without the client's credentials.
 */
export async function judgeClientStore(stack: StackPlace, server: string, root: string): Promise<DoctorAnswer> {
  if (!/^(file:|\/)/.test(root)) {
    const place = root.replace(/^(\w[\w+.-]*:\/\/)[^@/]*@/, "$1");
    return { outcome: "unknown", fact: `clients write to ${place} themselves, with credentials of their own` };
  }
  const path = root.replace(/^file:(\/\/)?/, "");
  const own = (await stack.open(server))?.mountOf(path);
  const apart: string[] = [];
  for (const service of clientsOf(stack, server)) {
    const theirs = (await stack.open(service))?.mountOf(path);
    const isShared = own !== undefined && own.source === theirs?.source && own.target === theirs.target;
    if (!isShared) apart.push(service);
  }
  if (apart.length === 0) return { outcome: "ok", fact: "clients write them to a disk that the server mounts, too" };
  return {
    outcome: "fail",
    fact: `clients write them themselves, to ${own?.target ?? path}, which ${apart.join(", ")} and ${server} do not share: nobody finds them`,
    cure: `Write --artifacts-destination instead of --default-artifact-root at ${server}, then:\nbulkhead check --fix && bulkhead up`,
  };
}

/** Services that are told to log to a server and run. */
function clientsOf({ session, units }: StackPlace, server: string): readonly string[] {
  const told = session.topology.endpoints.flatMap(({ service, role, target }) =>
    role === "tracking" && target?.kind === "service" && target.service === server ? [service] : [],
  );
  return [...new Set(told)].filter((service) => service !== server && units.get(service)?.state === "running");
}
