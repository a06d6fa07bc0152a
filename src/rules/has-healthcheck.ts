import type { Subject } from "./rule.ts";

/** Whether the service or its image has a health check. Nobody can know it of an image that is not in the catalog. */
export function hasHealthcheck({ topology, project, sources }: Subject, service: string): boolean | "unknown" {
  const { healthcheck, incomplete, build } = project.services[service] ?? {};
  if (incomplete?.some((key) => ["*", "healthcheck", "image", "build"].includes(key))) return "unknown";
  if (healthcheck?.disable === true || healthcheck?.test?.[0] === "NONE") return false;
  if (healthcheck?.test !== undefined) return true;
  const role = topology.services[service];
  // The official images of PostgreSQL, Airflow and MLflow bring none.
  if (role?.base === undefined) return "unknown";
  if (build === undefined || role.dockerfile === undefined) return false;
  const read = sources.read(role.dockerfile.path);
  const text = build.dockerfile_inline ?? (read.kind === "file" ? new TextDecoder().decode(read.bytes) : undefined);
  return text === undefined ? "unknown" : /^[ \t]*HEALTHCHECK\s+(?!NONE)/im.test(text);
}
