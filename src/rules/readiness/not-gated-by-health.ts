import type { Label } from "../../core/finding.ts";
import { resolveHost } from "../../topology/resolve-host.ts";
import { groupByPlace } from "../group-by-place.ts";
import { placeLabels } from "../label-place.ts";
import { planWait } from "../plan-wait.ts";
import { defineRule, type Subject } from "../rule.ts";
import { waitsFor } from "../waits-for.ts";

/**
 * An app that is started while its database still starts. PostgreSQL answers some seconds after its container runs, on a
 * new volume some more: `service_started`, or no dependency at all, leaves it to luck.
 */
export const notGatedByHealth = defineRule({
  id: "not-gated-by-health",
  group: "readiness",
  severity: "warning",
  fix: "behaviour",
  hiddenBy: ["sleep-as-wait"],
  summary: "An app that does not wait until its database is ready",
  *check(subject) {
    const { topology } = subject;
    for (const { service: server } of topology.servers) {
      const users = topology.connections.filter((one) => one.server === server && one.service !== server);
      const early = [...new Set(users.map(({ service }) => service))].filter((one) => !isGated(subject, one, server));
      const found = early.map((service) => ({ service, label: placeOf(subject, service, server) }));
      for (const group of groupByPlace(found)) {
        const services = group.map(({ service }) => service);
        const patient = services.every((service) => retries(subject, service));
        const [first] = group;
        yield {
          message: `${names(services)} ${services.length === 1 ? "does" : "do"} not wait until \`${server}\` is ready`,
          labels: [first.label, placeLabels(subject.project).service(server, "the database")],
          services: [...services, server],
          evidence: [server, ...services],
          ...(patient ? { severity: "info" } : {}),
          consequence: "port 5432 failed: Connection refused",
          notes: patient ? ["It tries again by itself, so a slow start is all that happens most of the time"] : [],
          about: services.map((service) => `wait ${service} ${server}`),
          fix: () => planWait(subject, services, server, { until: "healthy" }),
        };
      }
    }
  },
});

/** Waits for health, directly or through what it waits for, or asks the server itself in its own script. */
function isGated(subject: Subject, service: string, server: string): boolean {
  const { project, topology } = subject;
  const asks = (one: string) =>
    topology.waits.some((wait) => {
      if (wait.service !== one || wait.kind === "sleep") return false;
      const target = wait.host === undefined ? undefined : resolveHost(project, one, wait.host);
      return target === undefined || (target.kind === "service" && target.service === server);
    });
  return (
    asks(service) ||
    waitsFor(
      project,
      service,
      (on, condition) =>
        (on === server && condition === "service_healthy") || (condition !== "service_started" && asks(on)),
    )
  );
}

function placeOf({ project }: Subject, service: string, server: string): Label {
  const labels = placeLabels(project);
  const path = ["services", service, "depends_on"];
  const written = project.services[service]?.depends_on[server];
  return (
    (written === undefined ? undefined : labels.key([...path, server], "waits only until its container runs")) ??
    labels.service(service, `does not wait for \`${server}\``)
  );
}

/** The Airflow image's entry point asks 20 times, 3 s apart; a restart policy starts others again. */
function retries({ project, topology }: Subject, service: string): boolean {
  const { entrypoint, restart } = project.services[service] ?? {};
  const role = topology.services[service];
  const usesEntrypoint = entrypoint == null && role?.dockerfile?.entrypoint === undefined;
  const asks = role?.base?.product === "airflow" && role.environment["CONNECTION_CHECK_MAX_COUNT"] !== "0";
  return (asks && usesEntrypoint) || (restart !== undefined && restart !== "no");
}

function names(services: readonly string[]): string {
  return services.map((name) => `\`${name}\``).join(", ");
}
