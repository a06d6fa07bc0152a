import type { Port } from "../../compose/project.ts";
import type { Fix } from "../../core/fix.ts";
import { placeLabels } from "../label-place.ts";
import { readSpan } from "../read-span.ts";
import { defineRule, type Subject } from "../rule.ts";

/** A database that the whole network can reach. User interfaces are published on purpose more often: they are not told. */
export const portOnAllInterfaces = defineRule({
  id: "port-on-all-interfaces",
  group: "images",
  severity: "info",
  fix: "behaviour",
  summary: "A database port that is published on every address of the host",
  *check(subject) {
    const { project, topology } = subject;
    const labels = placeLabels(project);
    for (const { service, port } of topology.servers) {
      for (const [index, published] of (project.services[service]?.ports ?? []).entries()) {
        if (published.target !== port || !isEverywhere(published)) continue;
        yield {
          message: `Every machine of the network can reach the database \`${service}\``,
          labels: [
            labels.value(["services", service, "ports", index], "published on every address") ??
              labels.service(service, "published on every address"),
          ],
          services: [service],
          evidence: [service, String(published.target)],
          notes: ["Docker's own firewall rules come before the host's: ufw and firewalld do not close it"],
          fix: () => planFix(subject, service, index),
        };
      }
    }
  },
});

function isEverywhere({ host_ip: ip, published }: Port): boolean {
  return published !== undefined && (ip === undefined || ip === "" || ip === "0.0.0.0" || ip === "::");
}

/** Only the short form without an address, `5433:5432`, is rewritten; its quotes stay. */
function planFix({ edit, project, sources }: Subject, service: string, index: number): Fix | undefined {
  const span = project.origins
    .at(["services", service, "ports", index])
    ?.chain.find((link) => link.span !== undefined)?.span;
  const written = span && readSpan(sources, span);
  const at = written === undefined ? -1 : /^["']?\d+:\d+(?:\/tcp)?["']?$/.test(written) ? written.search(/\d/) : -1;
  if (span === undefined || written === undefined || at < 0) return undefined;
  const plain = `127.0.0.1:${written.slice(at)}`;
  return {
    class: "behaviour",
    title: `Publish the database ${service} on this machine only`,
    // Without quotes YAML reads some `a:b` as base 60; with an address in front it is text.
    edits: [edit.replace({ ...span, start: span.start + at }, plain)],
    touches: [["services", service, "ports"]],
  };
}
