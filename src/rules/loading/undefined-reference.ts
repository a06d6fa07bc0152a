import type { Fix } from "../../core/fix.ts";
import type { Span } from "../../core/span.ts";
import type { FaultFacts } from "../../compose/compose-fault.ts";
import { findInSpan } from "../find-in-span.ts";
import { readSpan } from "../read-span.ts";
import { spanOfFault } from "../span-of-fault.ts";
import { defineRule, type Subject } from "../rule.ts";

type Reference = FaultFacts["undefined-reference"];

/** A name nothing in the project defines: Compose refuses it (compose-go loader/validate.go). */
export const undefinedReference = defineRule({
  id: "undefined-reference",
  group: "loading",
  severity: "error",
  fix: "behaviour",
  summary: "A service, network, volume, secret or config that is not defined",
  *check(subject) {
    for (const fault of subject.outcome.faults) {
      if (fault.kind !== "undefined-reference") continue;
      const { what, name, service, disabled, suggestion } = fault.data;
      const span = nameIn(subject, spanOfFault(fault, subject.project), name);
      yield {
        message: disabled
          ? `\`${service}\` depends on \`${name}\`, which no active profile starts`
          : `\`${service}\` names the ${what} \`${name}\`, which nothing defines`,
        labels: [{ span, text: disabled ? "its profile is not active" : `no such ${what}` }],
        services: [service],
        evidence: [what, name, service],
        consequence: `service "${service}" ${
          what === "service" ? `depends on undefined service "${name}"` : `refers to undefined ${what} ${name}`
        }: invalid compose project`,
        ...(suggestion === undefined ? {} : { notes: [`There is a ${what} \`${suggestion}\``] }),
        about: [`${what} ${name}`],
        fix: () => planFix(subject, fault.data, span),
      };
    }
  },
});

function planFix(
  subject: Subject,
  { what, name, service, disabled, suggestion }: Reference,
  span: Span,
): Fix | undefined {
  if (disabled) return undefined;
  if (suggestion !== undefined && readSpan(subject.sources, span) === name) {
    return {
      class: "behaviour",
      title: `Write \`${suggestion}\` instead of \`${name}\``,
      edits: [subject.edit.replace(span, suggestion)],
      touches: [["services", service]],
    };
  }
  if (suggestion !== undefined || (what !== "network" && what !== "volume")) return undefined;
  const edits = subject.edit.addEntry(`${what}s`, name, null);
  return edits && { class: "behaviour", title: `Define the ${what} \`${name}\``, edits, touches: [[`${what}s`]] };
}

/** Only the name where the place holds more: `data:/var/lib/postgresql/data`, `source: data`. */
function nameIn({ sources }: Subject, span: Span, name: string): Span {
  const literal = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return findInSpan(sources, span, new RegExp(`(?<![\\w./-])${literal}(?![\\w./-])`)) ?? span;
}
