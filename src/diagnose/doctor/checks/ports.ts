import { listPortNeeds } from "../../../engine/plan-ports.ts";
import type { DoctorAnswer, DoctorCheck } from "../doctor-check.ts";
import { isRunning, type DoctorPlace } from "../doctor-place.ts";

/** Ports that the file publishes and that would be needed for a service that does not run now. */
export const ports: DoctorCheck = {
  id: "ports",
  title: "Published port",
  scope: "host",
  questions: ({ io, stack }) => {
    if (stack === undefined) return [];
    const { project, topology } = stack.session;
    return listPortNeeds(project, topology).flatMap(({ service, target, host, published }) => {
      if (published === undefined || isRunning(stack, service)) return [];
      // Under the native engine a taken port may have been replaced at the first start.
      const port = stack.ports[service]?.[target]?.port ?? published;
      return [{ subject: `${port} of ${service}`, ask: () => askPort(io, host, port) }];
    });
  },
};

async function askPort({ sockets }: DoctorPlace["io"], host: string, port: number): Promise<DoctorAnswer> {
  if (await sockets.isFree(host, port)) return { outcome: "ok", fact: "free" };
  const owner = await sockets.ownerOf(port);
  return owner === undefined
    ? { outcome: "fail", fact: "taken", cure: `bulkhead up --auto-ports` }
    : {
        outcome: "fail",
        fact: `taken by ${owner.program} (pid ${owner.pid})`,
        cure: `kill ${owner.pid}\nOr on another port: bulkhead up --auto-ports`,
      };
}
