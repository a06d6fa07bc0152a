import { listPortNeeds } from "../../../engine/plan-ports.ts";
import type { DoctorAnswer, DoctorCheck } from "../doctor-check.ts";
import { isRunning, type DoctorPlace } from "../doctor-place.ts";

/** Ports that the file publishes and that would be needed for a service that does not run now. */
export const ports: DoctorCheck = {
  id: "ports",
  title: "Published port",
  scope: "host",
  questions: (place) => {
    const { stack } = place;
    if (stack === undefined) return [];
    const { project, topology, engine } = stack.session;
    return listPortNeeds(project, topology).flatMap(({ service, target, host, published }) => {
      if (published === undefined || isRunning(stack, service)) return [];
      // Under the native engine a taken port may have been replaced at the first start.
      const recorded = engine === "native" ? stack.ports[service]?.[target]?.port : undefined;
      const port = recorded ?? published;
      return [{ subject: `${port} of ${service}`, ask: () => askPort(place, host, port, engine === "native") }];
    });
  },
};

async function askPort(
  { io, docker }: DoctorPlace,
  host: string,
  port: number,
  isNative: boolean,
): Promise<DoctorAnswer> {
  if (await io.sockets.isFree(host, port)) return { outcome: "ok", fact: "free" };
  const other = isNative ? "Or on another port: bulkhead up --auto-ports" : "Or change the port in the Compose file.";
  const container = await findContainer(docker, port);
  if (container !== undefined) {
    return { outcome: "fail", fact: `taken by the container ${container}`, cure: `docker stop ${container}\n${other}` };
  }
  const owner = await io.sockets.ownerOf(port);
  return owner === undefined
    ? { outcome: "fail", fact: "taken", cure: isNative ? "bulkhead up --auto-ports" : other }
    : { outcome: "fail", fact: `taken by ${owner.program} (pid ${owner.pid})`, cure: `kill ${owner.pid}\n${other}` };
}

/** To the host its port is held by Docker's own proxy. Undefined, too, where no engine answers. */
async function findContainer(docker: DoctorPlace["docker"], port: number): Promise<string | undefined> {
  const argv = ["ps", "--filter", `publish=${port}`, "--format", "{{.Names}}"];
  const listed = await docker.docker(argv, { timeoutMs: 3_000 }).catch(() => undefined);
  const name = listed?.exitCode === 0 ? listed.stdout.split("\n")[0] : undefined;
  return name === "" ? undefined : name;
}
