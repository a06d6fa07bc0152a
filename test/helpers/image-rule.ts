import type { Fix } from "../../src/core/fix.ts";
import { defineRule, type Fault, type Rule, type Subject } from "../../src/rules/rule.ts";

/** What the fix of a service changes of the plain one. */
export type PlanImageFix = (subject: Subject, service: string) => Partial<Fix>;

/** Finds services whose image is `from`, and repairs them as `plan` says. */
export function imageRule(id: string, from: string, plan: PlanImageFix): Rule {
  return defineRule({
    id,
    group: "images",
    severity: "error",
    fix: "behaviour",
    summary: "",
    check: (subject) =>
      Object.entries(subject.project.services)
        .filter(([, { image }]) => image === from)
        .map(([service]): Fault => {
          const span = subject.project.origins.at(["services", service, "image"])?.chain[0]?.span;
          if (span === undefined) throw new Error("no place");
          const base: Fix = {
            class: "behaviour",
            title: `Replace ${from}`,
            edits: [],
            touches: [["services", service, "image"]],
          };
          return {
            message: `${service} runs ${from}`,
            labels: [{ span, text: "" }],
            services: [service],
            evidence: [service, from],
            fix: () => ({ ...base, ...plan(subject, service) }),
          };
        }),
  });
}

/** A fix that gives the service another image. */
export const setImage =
  (image: string) =>
  ({ edit }: Subject, service: string): Partial<Fix> => ({
    edits: edit.setServiceKey(service, ["image"], image) ?? [],
  });
