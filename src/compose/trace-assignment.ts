import type { OriginStep } from "../core/origin.ts";
import type { Variable } from "./interpolate-tree.ts";
import { mapDotenvValue } from "./map-dotenv-value.ts";
import type { DotenvEntry } from "./parse-dotenv.ts";
import type { SourceText } from "./source-text.ts";
import { traceDecoded, traceInterpolated, type Trace } from "./trace.ts";

/**
 * Where the characters of an env file's value were written. A name without a value took it from outside.
 *
 * @param variableAt the variables that the assignment could see, as they were then
 */
export function traceAssignment(
  source: SourceText,
  entry: DotenvEntry,
  step: OriginStep,
  variableAt: (name: string) => Variable | undefined,
): Trace | undefined {
  if (entry.valueStart === entry.end && entry.value !== "") return variableAt(entry.key)?.trace;
  const template = traceDecoded(source, () => mapDotenvValue(source.text, entry), step, entry.key);
  if (entry.parts === undefined) return template;
  const seen = new Map(entry.uses.map(({ name }) => [name, variableAt(name)]));
  return traceInterpolated(entry.parts, template, (name) => seen.get(name));
}
