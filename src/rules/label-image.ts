import { decodeInPlace } from "../core/decode-in-place.ts";
import type { Label } from "../core/finding.ts";
import { placeLabels } from "./label-place.ts";
import type { Subject } from "./rule.ts";

/** Where a service's image is named: its `image:`, or the `FROM` of its Dockerfile when the image comes from there. */
export function labelImage({ project, topology, sources }: Subject, service: string, text: string): Label {
  const labels = placeLabels(project);
  const { dockerfile, baseImage } = topology.services[service] ?? {};
  const written = labels.value(["services", service, "image"], text);
  if (dockerfile === undefined) return written ?? labels.service(service, text);
  return (
    fromLine(sources, dockerfile.path, baseImage ?? "", text) ??
    labels.key(["services", service, "build"], text) ??
    labels.service(service, text)
  );
}

function fromLine(sources: Subject["sources"], path: string, image: string, text: string): Label | undefined {
  const read = path === "" ? undefined : sources.read(path);
  if (read?.kind !== "file") return undefined;
  const lines = decodeInPlace(read.bytes).split("\n");
  const line = lines.findIndex((one) => /^\s*FROM\s/i.test(one) && one.includes(image));
  const column = lines[line]?.indexOf(image) ?? -1;
  if (image === "" || column < 0) return undefined;
  const start = Buffer.byteLength(
    lines
      .slice(0, line)
      .map((one) => `${one}\n`)
      .join("") + (lines[line]?.slice(0, column) ?? ""),
  );
  return {
    span: { file: path, start, end: start + Buffer.byteLength(image), line: line + 1, column: column + 1 },
    text,
  };
}
