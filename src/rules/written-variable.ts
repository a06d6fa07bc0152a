import type { Project } from "../compose/project.ts";
import type { TracedText } from "../topology/traced-text.ts";

/**
 * `${NAME}` where a text is the value of that one variable and nothing else, so that it can be written again elsewhere;
 * undefined for literals, mixtures and defaults.
 */
export function writtenVariable(project: Project, text: TracedText): string | undefined {
  const [piece, ...others] = text.pieces.filter(({ start, end }) => end > start);
  if (piece?.place.kind !== "value" || others.length > 0) return undefined;
  const { path, start, end } = piece.place;
  const slices = project.origins.slice(path, start, end);
  const link = slices[0]?.origin.chain.find(({ step }) => step === "interpolated");
  const isInFile = link?.span !== undefined && project.files.includes(link.span.file);
  return slices.length === 1 && isInFile && link.unset === undefined && link.variable !== undefined
    ? `\${${link.variable}}`
    : undefined;
}
