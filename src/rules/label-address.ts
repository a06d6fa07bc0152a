import type { Label } from "../core/finding.ts";
import type { OriginLink } from "../core/origin.ts";
import type { Project } from "../compose/project.ts";
import type { AddressPart } from "../topology/span-of-part.ts";
import type { WrittenAddress } from "../topology/topology.ts";
import { placeLabels } from "./label-place.ts";
import { rangeOfPart } from "./range-of-part.ts";

/**
 * The place of a part of an address (of all of it where the part is not written) and how it got into the service: the
 * line of `.env`, then the `${NAME}` that it fills, the alias that shares it. The service's key where nothing of it
 * stands in a file.
 */
export function labelAddress(
  project: Project,
  address: WrittenAddress,
  part: AddressPart | "all",
  text: string,
): readonly [Label, ...Label[]] {
  const [start, end] = rangeOfPart(address, part);
  const place = placeLabels(project);
  const first = place.slice(address.text, start, end, text) ?? place.service(address.service, text);
  const trail = linksBehind(project, address, start).flatMap(({ span, step }) =>
    span === undefined ? [] : [{ span, text: steps[step] }],
  );
  return [first, ...trail.filter(({ span }) => span.file !== first.span.file || span.start !== first.span.start)];
}

const steps: Readonly<Record<OriginLink["step"], string>> = {
  written: "written here",
  interpolated: "put in here",
  anchor: "shared through an anchor",
  "merge-key": "merged in here",
  "env-file": "read from this env file",
  dotenv: "set here",
  shell: "set by the shell",
  override: "overridden here",
  extends: "extended from here",
  default: "the default",
};

/** What stands behind the first character of a part: links after the one that the first label shows. */
function linksBehind(project: Project, { text }: WrittenAddress, start: number): readonly OriginLink[] {
  const piece = text.pieces.find((one) => one.start <= start && start < one.end);
  if (piece?.place.kind !== "value") return [];
  const { place } = piece;
  const isLinear = place.end - place.start === piece.end - piece.start;
  const at = isLinear ? place.start + start - piece.start : place.start;
  const origin = project.origins.slice(place.path, at, at + 1)[0]?.origin;
  return origin?.chain.slice(origin.chain.findIndex(({ span }) => span !== undefined) + 1) ?? [];
}
