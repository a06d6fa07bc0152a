import type { Span } from "../../core/span.ts";
import { placeLabels } from "../label-place.ts";
import { spanOfFault } from "../span-of-fault.ts";
import { defineRule } from "../rule.ts";

/** Services that wait for each other in a circle: Compose refuses them (compose-go graph/cycle.go). */
export const dependencyCycle = defineRule({
  id: "dependency-cycle",
  group: "loading",
  severity: "error",
  fix: undefined,
  summary: "Services that depend on each other in a circle",
  *check({ outcome, project }) {
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
      };
    }
  },
});

function isSame(one: Span, other: Span): boolean {
  return one.file === other.file && one.start === other.start;
}
