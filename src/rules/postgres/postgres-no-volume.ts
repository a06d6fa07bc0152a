import { dataPathIn } from "../../catalog/postgres/data-path.ts";
import type { Mount } from "../../compose/project.ts";
import type { Fix } from "../../core/fix.ts";
import type { DatabaseServer } from "../../topology/topology.ts";
import { placeLabels } from "../label-place.ts";
import { defineRule, type Subject } from "../rule.ts";

/** Data that lies in no named volume and no directory of the host is left behind by `down`, which removes the container. */
export const postgresNoVolume = defineRule({
  id: "postgres-no-volume",
  group: "postgres",
  severity: "warning",
  fix: "behaviour",
  summary: "A PostgreSQL server whose data is gone after `down`",
  hiddenBy: ["postgres-18-mount"],
  *check(subject) {
    const { project, topology } = subject;
    const labels = placeLabels(project);
    for (const server of topology.servers) {
      const { service } = server;
      const { volumes = [], tmpfs = [], incomplete = [] } = project.services[service] ?? {};
      const data = dataPathIn(topology.services[service]?.environment ?? {}, server.major);
      // Memory on purpose: tests want it so.
      const isTemporary = [
        ...tmpfs,
        ...volumes.filter(({ type }) => type === "tmpfs").map(({ target }) => target),
      ].some((target) => holds(target, data));
      if (isTemporary || incomplete.length > 0 || volumes.some((mount) => isKept(mount) && holds(mount.target, data)))
        continue;
      const near = volumes.findIndex((mount) => isKept(mount) && /postgres|data/.test(mount.target));
      const mount =
        near < 0 ? undefined : labels.value(["services", service, "volumes", near, "target"], "holds none of it");
      const own = labels.service(service, "keeps no data");
      yield {
        message: `The data of \`${service}\`, in ${data}, lies in no volume that outlives its container`,
        labels: mount === undefined ? [own] : [mount, own],
        services: [service],
        evidence: [service],
        about: [`server ${service}`],
        notes: ["`docker compose down` removes the container, and the next `up` begins with an empty server"],
        fix: () => planFix(subject, server),
      };
    }
  },
});

function isKept({ type, source }: Mount): boolean {
  return type === "bind" || (type === "volume" && source !== undefined);
}

function holds(target: string, directory: string): boolean {
  const path = target.replace(/:.*$/, "").replace(/\/+$/, "");
  return directory === path || directory.startsWith(`${path}/`);
}

function planFix({ edit }: Subject, { service, major }: DatabaseServer): Fix | undefined {
  const volume = edit.freeName("volumes", `${service}-data`);
  const target = major >= 18 ? "/var/lib/postgresql" : "/var/lib/postgresql/data";
  const edits = edit.sequence([
    (kit) => kit.appendServiceItem(service, "volumes", `${volume}:${target}`),
    (kit) => kit.addEntry("volumes", volume, null),
  ]);
  return (
    edits && {
      class: "behaviour",
      title: `Keep the data of ${service} in the volume ${volume}`,
      edits,
      touches: [
        ["services", service, "volumes"],
        ["volumes", volume],
      ],
    }
  );
}
