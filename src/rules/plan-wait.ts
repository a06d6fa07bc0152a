import type { Fix } from "../core/fix.ts";
import type { EditStep } from "../edit/edit-kit.ts";
import { hasHealthcheck } from "./has-healthcheck.ts";
import { planHealthcheck } from "./plan-healthcheck.ts";
import type { Subject } from "./rule.ts";
import { startsAfter } from "./waits-for.ts";

/**
 * Lets services wait until another one is healthy, or a job has succeeded. A service that tells nobody its health gets a
 * check. Undefined where that would close a circle, and where nobody knows how its health could be told.
 */
export function planWait(
  subject: Subject,
  services: readonly string[],
  on: string,
  { until, steps = [] }: { readonly until: "healthy" | "successful"; readonly steps?: readonly EditStep[] },
): Fix | undefined {
  const { edit, project } = subject;
  if (services.some((service) => startsAfter(project, on, service))) return undefined;
  const health = until === "successful" || hasHealthcheck(subject, on);
  if (health === "unknown") return undefined;
  const check = health ? undefined : planHealthcheck(subject, on);
  if (!health && check === undefined) return undefined;
  const condition = until === "healthy" ? "service_healthy" : "service_completed_successfully";
  const edits = edit.sequence([
    ...(check === undefined ? [] : [(kit: typeof edit) => kit.setServiceKey(on, ["healthcheck"], check)]),
    (kit) => kit.setDependency(services, on, condition),
    ...steps,
  ]);
  return (
    edits && {
      class: "behaviour",
      title: `Let ${services.map((name) => `\`${name}\``).join(", ")} wait until \`${on}\` is ${until}`,
      edits,
      touches: [
        ...services.map((service) => ["services", service, "depends_on"]),
        ...(check === undefined ? [] : [["services", on, "healthcheck"]]),
      ],
    }
  );
}
