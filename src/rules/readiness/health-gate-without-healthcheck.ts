import type { Fix } from "../../core/fix.ts";
import { placeLabels } from "../label-place.ts";
import { hasHealthcheck } from "../has-healthcheck.ts";
import { planHealthcheck } from "../plan-healthcheck.ts";
import { defineRule, type Subject } from "../rule.ts";

/** `service_healthy` on a service that has no health check: Compose gives up (docker/compose pkg/compose/convergence.go). */
export const healthGateWithoutHealthcheck = defineRule({
  id: "health-gate-without-healthcheck",
  group: "readiness",
  severity: "error",
  fix: "behaviour",
  summary: "A service waits for the health of one that has no health check",
  *check(subject) {
    const { project } = subject;
    const labels = placeLabels(project);
    for (const [service, waiting] of groupWaiting(project)) {
      if (project.services[service] === undefined || hasHealthcheck(subject, service) !== false) continue;
      const conditions = waiting.flatMap(
        (name) => labels.value(["services", name, "depends_on", service, "condition"], "waits for its health") ?? [],
      );
      const place =
        labels.key(["services", service, "healthcheck", "disable"], "switches the health check off") ??
        labels.value(["services", service, "healthcheck", "test"], "switches the health check off") ??
        labels.service(service, "has no health check");
      yield {
        message: `${waiting.map((name) => `\`${name}\``).join(", ")} ${waiting.length === 1 ? "waits" : "wait"} for the health of \`${service}\`, which has no health check`,
        labels: [place, ...conditions.slice(0, 1)],
        also: conditions.slice(1),
        services: [...waiting, service],
        evidence: [service, ...waiting],
        consequence: `${containerName(subject, service)} has no healthcheck configured`,
        about: [`health ${service}`],
        fix: () => planFix(subject, service),
      };
    }
  },
});

/** Who waits for the health of whom. */
function groupWaiting({ services }: Subject["project"]): ReadonlyMap<string, readonly string[]> {
  const waiting = new Map<string, string[]>();
  for (const [name, { depends_on: edges }] of Object.entries(services)) {
    for (const [on, { condition, required }] of Object.entries(edges)) {
      if (condition === "service_healthy" && required) waiting.set(on, [...(waiting.get(on) ?? []), name]);
    }
  }
  return waiting;
}

function containerName({ project }: Subject, service: string): string {
  return `container ${project.services[service]?.container_name ?? `${project.name}-${service}-1`}`;
}

function planFix(subject: Subject, service: string): Fix | undefined {
  const check = planHealthcheck(subject, service);
  const edits = check === undefined ? undefined : subject.edit.setServiceKey(service, ["healthcheck"], check);
  return (
    edits && {
      class: "behaviour",
      title: `Give \`${service}\` a health check`,
      edits,
      touches: [["services", service, "healthcheck"]],
    }
  );
}
