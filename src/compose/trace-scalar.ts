import { mapBlockScalar } from "./map-block-scalar.ts";
import { mapFlowScalar } from "./map-flow-scalar.ts";
import type { SourceText } from "./source-text.ts";
import { createTextMap, type TextMap } from "./text-map.ts";
import { traceDecoded, type Trace } from "./trace.ts";
import type { ScalarNode } from "./yaml-node.ts";

/** Where the characters of a YAML scalar's text stand in its file. */
export function traceScalar(source: SourceText, node: ScalarNode): Trace {
  return traceDecoded(source, () => {
    const map = decode(source.text, node);
    return map?.text === node.text ? map : whole(source.text, node.start, node.end, node.text);
  });
}

function decode(source: string, { start, end, style, text }: ScalarNode): TextMap | undefined {
  if (style === "folded" || style === "literal") return mapBlockScalar(source, start, end, text);
  return mapFlowScalar(source, start, end, style);
}

/** All of a value at the whole scalar: true, if not exact, for a form that is not understood. */
function whole(source: string, start: number, end: number, value: string): TextMap {
  const map = createTextMap(source);
  map.replace(value, start, end);
  return map.build();
}
