import { placeLabels } from "../label-place.ts";
import { defineRule } from "../rule.ts";

const oldTarget = "/var/lib/postgresql/data";
const newTarget = "/var/lib/postgresql";

/**
 * From 18 on the image keeps data in `/var/lib/postgresql/MAJOR/docker` and refuses to start when something is mounted at
 * the old place (docker-library/postgres #1259, docker-entrypoint.sh).
 */
export const postgres18Mount = defineRule({
  id: "postgres-18-mount",
  group: "postgres",
  severity: "error",
  fix: "behaviour",
  summary: "A volume where PostgreSQL 18's image no longer keeps its data",
  *check({ project, topology, edit }) {
    const labels = placeLabels(project);
    for (const { service, major } of topology.servers) {
      const mounts = project.services[service]?.volumes ?? [];
      const index = mounts.findIndex(({ target }) => target.replace(/\/+$/, "") === oldTarget);
      const isMoved = (topology.services[service]?.environment["PGDATA"] ?? "").startsWith(oldTarget);
      if (major < 18 || index < 0 || isMoved) continue;
      const path = ["services", service, "volumes", index];
      yield {
        message: `\`${service}\` mounts a volume at ${oldTarget}, where PostgreSQL ${major}'s image no longer keeps its data`,
        labels: [
          labels.value([...path, "target"], "the place until PostgreSQL 17") ??
            labels.service(service, "has the mount"),
          labels.value(["services", service, "image"], "keeps its data one level up") ??
            labels.service(service, `is PostgreSQL ${major}`),
        ],
        services: [service],
        evidence: [service],
        about: [`server ${service}`],
        consequence: "Error: in 18+, these Docker images are configured to store database data in a",
        fix: () => {
          const edits = edit.replaceSlice([...path, "target"], 0, mounts[index]?.target.length ?? 0, newTarget);
          return (
            edits && {
              class: "behaviour",
              title: `Mount the volume of ${service} at ${newTarget}`,
              edits,
              touches: [["services", service, "volumes"]],
            }
          );
        },
      };
    }
  },
});
