import type { Project } from "../compose/project.ts";
import type { DatabaseUrl } from "./parse-database-url.ts";
import type { ReadState } from "./topology.ts";
import type { TracedText } from "./traced-text.ts";

/**
 * Whether a text is known to its end. Unknown: a part that only the container can compute, a shell variable that nothing
 * sets, or a part left empty by a Compose variable that is not set (its value may lie in a `.env` that is not here).
 */
export function readStateOf(project: Project, text: TracedText, url: DatabaseUrl | undefined): ReadState {
  for (const { place } of text.pieces) {
    if (place.kind === "computed") return { kind: "unknown", reason: place.reason };
    if (place.kind === "unset") return { kind: "unknown", reason: `the shell variable ${place.variable} is not set` };
  }
  const blank = hasEmptyPart(text.text, url) ? blankVariable(project, text) : undefined;
  return blank === undefined ? { kind: "known" } : { kind: "unknown", reason: `${blank} is not set` };
}

/** A variable without value that the text was built with. */
function blankVariable(project: Project, text: TracedText): string | undefined {
  for (const { place } of text.pieces) {
    if (place.kind !== "value") continue;
    const chain = project.origins.at(place.path)?.chain ?? [];
    const link = chain.find((one) => one.unset === "blank");
    if (link !== undefined) return link.variable;
    const inFile = chain.find((one) => one.step === "env-file")?.span;
    if (inFile === undefined) continue;
    const warning = project.warnings.find(
      (one) =>
        one.kind === "blank-variable" &&
        one.data.uses.some((use) => use.span?.file === inFile.file && use.span.start === inFile.start),
    );
    if (warning?.kind === "blank-variable") return warning.data.variable;
  }
  return undefined;
}

/** Only a blank part can hide a value: a URL that is whole did not need the variable. */
function hasEmptyPart(text: string, url: DatabaseUrl | undefined): boolean {
  if (url === undefined || text.trim() === "") return true;
  const isServer = url.host !== undefined || url.user !== undefined;
  if (!isServer) return url.dialect !== "sqlite" || url.database === undefined;
  const parts = [url.user, url.password, url.host, url.database, ...url.queryItems.map(({ value }) => value)];
  return parts.some((part) => part === undefined || part === "") || url.spans.port?.[0] === url.spans.port?.[1];
}
