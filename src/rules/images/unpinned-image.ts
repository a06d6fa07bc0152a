import { parseImage } from "../../catalog/parse-image.ts";
import { labelImage } from "../label-image.ts";
import { defineRule } from "../rule.ts";

/** A tag that means another release tomorrow: `latest`, or none at all, which is `latest`. */
export const unpinnedImage = defineRule({
  id: "unpinned-image",
  group: "images",
  severity: "info",
  fix: undefined,
  summary: "An image whose tag means another release tomorrow",
  *check(subject) {
    const { project, topology } = subject;
    for (const [service, { image, build, incomplete }] of Object.entries(project.services)) {
      // What a build makes is the project's own; its base is what may move.
      const reference = build === undefined ? image : topology.services[service]?.baseImage;
      if (reference === undefined || incomplete?.some((key) => key === "*" || key === "image")) continue;
      if (/[:@]$/.test(reference) || reference.includes("$") || reference === "scratch") continue;
      const { tag, digest, repository } = parseImage(reference);
      if (digest !== undefined || (tag !== undefined && !/^(latest|edge|nightly|main|master)$/.test(tag))) continue;
      const told = tag === undefined ? "names no release" : `\`${tag}\` is another release tomorrow`;
      yield {
        message: `The image of \`${service}\`, ${repository}, ${tag === undefined ? "has no tag" : `has the tag \`${tag}\``}`,
        labels: [labelImage(subject, service, told)],
        services: [service],
        evidence: [service, repository],
        notes: ["A newer release may want another schema: an upgrade then happens unasked, at the next pull"],
      };
    }
  },
});
