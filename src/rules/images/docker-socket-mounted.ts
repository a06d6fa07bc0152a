import { placeLabels } from "../label-place.ts";
import { defineRule } from "../rule.ts";

const socket = /^\/(?:var\/)?run\/docker\.sock$/;

/** Whoever may write to Docker's socket is root on the host. */
export const dockerSocketMounted = defineRule({
  id: "docker-socket-mounted",
  group: "images",
  severity: "warning",
  fix: undefined,
  summary: "A container that can do everything on the host, through Docker's socket",
  *check({ project }) {
    const labels = placeLabels(project);
    for (const [service, { volumes }] of Object.entries(project.services)) {
      const index = volumes.findIndex(({ source }) => socket.test(source ?? ""));
      if (index < 0) continue;
      yield {
        message: `\`${service}\` has Docker's socket and with it every right on the host`,
        labels: [
          labels.value(["services", service, "volumes", index], "mounted here") ??
            labels.service(service, "has the mount"),
        ],
        services: [service],
        evidence: [service],
        notes: ["A read-only mount changes nothing: the socket itself can still be written to"],
      };
    }
  },
});
