import type { Label } from "../../core/finding.ts";
import { placeLabels } from "../label-place.ts";
import { defineRule, type Subject } from "../rule.ts";

/** What tutorials and images use, and what is tried first. */
const common = new Set(
  "airflow postgres admin mlflow root user test password password1234 example changeme secret minio minio123 minioadmin 1234 12345 123456".split(
    " ",
  ),
);

/** Passwords everybody knows are no fault on one's own machine: told only where others can reach what they protect. */
export const defaultCredentials = defineRule({
  id: "default-credentials",
  group: "images",
  severity: "warning",
  fix: undefined,
  summary: "A password that everybody knows, on something the network can reach",
  *check(subject) {
    const { project, topology } = subject;
    const labels = placeLabels(project);
    for (const { service, password, superuser } of topology.servers) {
      const open = openPort(subject, service);
      if (open === undefined || password === undefined || !(common.has(password) || password === superuser)) continue;
      yield {
        message: `The database \`${service}\` can be reached by every machine of the network and has a password that is tried first`,
        labels: [
          labels.value(["services", service, "environment", "POSTGRES_PASSWORD"], "the password of its superuser") ??
            labels.service(service, "has the password"),
          open,
        ],
        services: [service],
        evidence: [service, superuser],
        notes: ["A superuser of PostgreSQL can run programs in its container"],
      };
    }
  },
});

function openPort({ project }: Subject, service: string): Label | undefined {
  const labels = placeLabels(project);
  const ports = project.services[service]?.ports ?? [];
  const index = ports.findIndex(
    ({ host_ip: ip, published }) => published !== undefined && ["", "0.0.0.0", "::"].includes(ip ?? ""),
  );
  return index < 0 ? undefined : labels.value(["services", service, "ports", index], "published on every address");
}
