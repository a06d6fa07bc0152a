import type { Fix } from "../../core/fix.ts";
import type { Span } from "../../core/span.ts";
import { placeLabels } from "../label-place.ts";
import { spanOfFault } from "../span-of-fault.ts";
import { defineRule, type Subject } from "../rule.ts";

/** Services that wait for each other in a circle: Compose refuses them (compose-go graph/cycle.go). */
export const dependencyCycle = defineRule({
  id: "dependency-cycle",
  group: "loading",
  severity: "error",
  fix: "behaviour",
  summary: "Services that depend on each other in a circle",
  *check(subject) {
    const { outcome, project } = subject;
    const labels = placeLabels(project);
    for (const fault of outcome.faults) {
      if (fault.kind !== "dependency-cycle") continue;
      const span = spanOfFault(fault, project);
      const { services } = fault.data;
      const edges = services.flatMap((service, at) => {
        const on = services[(at + 1) % services.length] ?? service;
        return labels.key(["services", service, "depends_on", on], `\`${service}\` waits for \`${on}\``) ?? [];
      });
      const circle = [...services, services[0] ?? ""].join(" -> ");
      yield {
        message:
          services.length === 1
            ? `\`${services[0]}\` depends on itself`
            : `${services.map((name) => `\`${name}\``).join(", ")} depend on each other in a circle`,
        labels: [{ span, text: "closes the circle" }, ...edges.filter((edge) => !isSame(edge.span, span))],
        services,
        evidence: services.toSorted(),
        effective: circle,
        consequence: `dependency cycle detected: ${circle}`,
        fix: () => openCircle(subject, services),
      };
    }
  },
});

/**
 * Takes out the edge that cannot be meant: of a service on itself, or of a PostgreSQL server, which needs nobody to start.
 * Elsewhere somebody has to say which one is not needed.
 */
function openCircle({ edit, topology }: Subject, services: readonly string[]): Fix | undefined {
  const isServer = (name: string): boolean => topology.servers.some((server) => server.service === name);
  const at = services.length === 1 ? 0 : services.findIndex(isServer);
  const service = services[at];
  const on = services[(at + 1) % services.length];
  if (service === undefined || on === undefined) return undefined;
  const edits = edit.removeDependency(service, on);
  return (
    edits && {
      class: "behaviour",
      title: service === on ? `Let \`${service}\` not wait for itself` : `Let \`${service}\` not wait for \`${on}\``,
      edits,
      touches: [["services", service, "depends_on"]],
    }
  );
}

function isSame(one: Span, other: Span): boolean {
  return one.file === other.file && one.start === other.start;
}
