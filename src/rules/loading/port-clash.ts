import type { Port } from "../../compose/project.ts";
import type { Label } from "../../core/finding.ts";
import type { Fix } from "../../core/fix.ts";
import type { Span } from "../../core/span.ts";
import { findInSpan } from "../find-in-span.ts";
import { groupBy } from "../../core/group-by.ts";
import { placeLabels } from "../label-place.ts";
import { defineRule, type Subject } from "../rule.ts";

interface PublishedPort {
  readonly service: string;
  readonly index: number;
  readonly port: Port;
  readonly published: number;
}

/**
 * A port of the host that is published twice: the second container does not start. Compose itself says nothing; measured
 * with Docker Engine 20.10, which finds a clash with another address only when it opens the port.
 */
export const portClash = defineRule({
  id: "port-clash",
  group: "loading",
  severity: "error",
  fix: "behaviour",
  summary: "A host port that is published twice",
  *check(subject) {
    const { project } = subject;
    const labels = placeLabels(project);
    const ports = listPublished(subject);
    const taken = new Set(ports.map(({ published }) => published));
    const sameNumber = groupBy(ports, ({ published, port }) => `${published}/${port.protocol}`);
    for (const [first, second] of [...sameNumber.values()].flatMap(findClashes)) {
      const label = (one: PublishedPort, text: string): Label => {
        const span = spanOfNumber(subject, one);
        return span === undefined ? labels.service(one.service, text) : { span, text };
      };
      const number = second.published;
      const address = addressOf(second);
      yield {
        message:
          first.service === second.service
            ? `\`${second.service}\` publishes port ${number} of the host twice`
            : `\`${first.service}\` and \`${second.service}\` both publish port ${number} of the host`,
        labels: [label(second, `port ${number} again`), label(first, `port ${number} is taken here`)],
        services: [...new Set([first.service, second.service])],
        evidence: [String(number), second.port.protocol, first.service, second.service],
        consequence:
          address === addressOf(first)
            ? `Bind for ${address}:${number} failed: port is already allocated`
            : "address already in use",
        fix: () => planFix(subject, second, freePort(taken, number)),
      };
    }
  },
});

function listPublished({ project }: Subject): readonly PublishedPort[] {
  return Object.entries(project.services).flatMap(([service, { ports }]) =>
    ports.flatMap((port, index): PublishedPort[] => {
      // A range lets Docker choose one that is free, and 0 means any.
      const published = /^\d+$/.test(port.published ?? "") ? Number(port.published) : 0;
      return published === 0 ? [] : [{ service, index, port, published }];
    }),
  );
}

/** Of ports with one number: each that meets an earlier one's address, with that. */
function findClashes(ports: readonly PublishedPort[]): readonly (readonly [PublishedPort, PublishedPort])[] {
  const [first] = ports;
  const byAddress = new Map<string | undefined, PublishedPort>();
  return ports.flatMap((one) => {
    const address = isEveryAddress(one.port.host_ip) ? undefined : one.port.host_ip;
    const other = address === undefined ? first : (byAddress.get(address) ?? byAddress.get(undefined));
    if (!byAddress.has(address)) byAddress.set(address, one);
    return other === undefined || other === one ? [] : [[other, one] as const];
  });
}

function addressOf({ port }: PublishedPort): string {
  return isEveryAddress(port.host_ip) ? "0.0.0.0" : (port.host_ip ?? "");
}

function isEveryAddress(ip: string | undefined): boolean {
  return ip === undefined || ip === "" || ip === "0.0.0.0" || ip === "::";
}

function freePort(taken: ReadonlySet<number>, from: number): number {
  let free = from + 1;
  while (taken.has(free)) free += 1;
  return free;
}

/** The host port's digits, in the short form as in the long one. */
function spanOfNumber({ project, sources }: Subject, { service, index, published }: PublishedPort): Span | undefined {
  const path = ["services", service, "ports", index];
  const span = [project.origins.at([...path, "published"]), project.origins.at(path)]
    .flatMap((origin) => origin?.chain ?? [])
    .find((link) => link.span !== undefined)?.span;
  return span && findInSpan(sources, span, new RegExp(`(?<![\\d.])${published}(?![\\d.])`));
}

function planFix(subject: Subject, clash: PublishedPort, free: number): Fix | undefined {
  const span = spanOfNumber(subject, clash);
  return (
    span && {
      class: "behaviour",
      title: `Publish \`${clash.service}\` on port ${free} of the host`,
      edits: [subject.edit.replace(span, String(free))],
      touches: [["services", clash.service, "ports"]],
    }
  );
}
