import { join } from "node:path";

import type { Project } from "../../compose/project.ts";
import type { ServiceRole } from "../../topology/topology.ts";
import type { StateLayout } from "../project-state.ts";

/** One container path of a service and its place on this machine. */
export interface PlannedMount {
  readonly target: string;
  readonly source: string;
  readonly kind: "bind" | "volume" | "anonymous" | "tmpfs" | "file";
  readonly readOnly: boolean;
  /** Content to write at `source` (secrets and configs that are no files). */
  readonly content?: string;
}

/** All mounts of a service: the file's volumes, tmpfs, secrets, configs, and the volumes its image declares. */
export function planMounts(project: Project, role: ServiceRole, layout: StateLayout): readonly PlannedMount[] {
  const service = project.services[role.service];
  if (service === undefined) return [];
  const own = join(layout.units, role.service);
  const mounts: PlannedMount[] = service.volumes.map((mount) => {
    const readOnly = mount.read_only ?? false;
    if (mount.type === "bind") return { target: mount.target, source: mount.source ?? "", kind: "bind", readOnly };
    if (mount.type === "tmpfs")
      return { target: mount.target, source: join(own, "tmpfs", slug(mount.target)), kind: "tmpfs", readOnly };
    const named = mount.source === undefined ? undefined : project.volumes[mount.source];
    return named === undefined
      ? {
          target: mount.target,
          source: join(layout.volumes, `${role.service}.${slug(mount.target)}`),
          kind: "anonymous",
          readOnly,
        }
      : { target: mount.target, source: join(layout.volumes, named.name), kind: "volume", readOnly };
  });
  for (const target of service.tmpfs ?? []) {
    const path = target.split(":")[0] ?? target;
    mounts.push({ target: path, source: join(own, "tmpfs", slug(path)), kind: "tmpfs", readOnly: false });
  }
  for (const [list, sources, folder] of [
    [service.secrets, project.secrets, "secrets"],
    [service.configs, project.configs, "configs"],
  ] as const) {
    for (const one of list) {
      const source = sources[one.source];
      const content = source?.content ?? source?.value;
      const path = source?.file ?? join(own, folder, slug(one.target));
      mounts.push({
        target: one.target,
        source: path,
        kind: "file",
        readOnly: true,
        ...(content === undefined ? {} : { content }),
      });
    }
  }
  for (const target of role.behaviour?.volumes ?? []) {
    const covered = mounts.some((mount) => target === mount.target || target.startsWith(`${mount.target}/`));
    if (!covered) {
      mounts.push({
        target,
        source: join(layout.volumes, `${role.service}.${slug(target)}`),
        kind: "anonymous",
        readOnly: false,
      });
    }
  }
  return mounts;
}

function slug(path: string): string {
  return path.replace(/^\/+/, "").replace(/[^A-Za-z0-9._-]+/g, "-");
}
