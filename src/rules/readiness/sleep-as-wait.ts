import type { EditStep } from "../../edit/edit-kit.ts";
import type { Fix } from "../../core/fix.ts";
import type { Invocation } from "../../topology/topology.ts";
import { placeLabels } from "../label-place.ts";
import { planWait } from "../plan-wait.ts";
import { defineRule, type Subject } from "../rule.ts";
import { waitsFor } from "../waits-for.ts";

/** A fixed pause in front of a program that needs another service: too short on a slow machine, wasted on a fast one. */
export const sleepAsWait = defineRule({
  id: "sleep-as-wait",
  group: "readiness",
  severity: "warning",
  fix: "behaviour",
  summary: "A pause of fixed length instead of waiting for what is needed",
  *check(subject) {
    const { project, topology } = subject;
    const labels = placeLabels(project);
    for (const { service, kind, seconds, text } of topology.waits) {
      if (kind !== "sleep" || seconds === undefined || seconds === 0) continue;
      const server = topology.connections.find((one) => one.service === service && one.server !== undefined)?.server;
      const label = labels.slice(text, 0, text.text.length, "hopes that this is enough");
      if (server === undefined || label === undefined) continue;
      const isGated = waitsFor(project, service, (on, condition) => on === server && condition === "service_healthy");
      yield {
        message: `\`${service}\` pauses ${seconds} s before it uses \`${server}\``,
        labels: [label, labels.service(server, isGated ? "is healthy by then" : "may be ready sooner or later")],
        services: [service, server],
        evidence: [service, server],
        ...(isGated ? { severity: "info" } : {}),
        about: [`wait ${service} ${server}`],
        fix: () => planFix(subject, service, server),
      };
    }
  },
});

/** Takes the pause out, and waits for the server's health instead. */
function planFix(subject: Subject, service: string, server: string): Fix | undefined {
  const pause = subject.topology.invocations.find((one) => one.service === service && one.program === "sleep");
  const step = pause === undefined ? undefined : removal(subject, pause);
  const fix = step && planWait(subject, [service], server, { until: "healthy", steps: [step] });
  return (
    fix && {
      ...fix,
      title: `Let \`${service}\` wait until \`${server}\` is healthy, without a pause`,
      touches: [...fix.touches, ["services", service, "command"]],
    }
  );
}

function removal({ project }: Subject, { service, words, separator }: Invocation): EditStep | undefined {
  const from = words[0]?.pieces[0]?.place;
  const last = words.at(-1)?.pieces.at(-1)?.place;
  if (from?.kind !== "value" || last?.kind !== "value" || from.path[2] !== "command") return undefined;
  const script = project.services[service]?.command?.[Number(from.path[3])] ?? "";
  const end = /^[ \t]*(?:&&|;|\n)\s*/.exec(script.slice(last.end))?.[0];
  if (end === undefined || (separator !== "&&" && separator !== ";" && separator !== "\n")) return undefined;
  return (kit) => kit.replaceSlice(from.path, from.start, last.end + end.length, "");
}
