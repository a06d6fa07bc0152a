import type { Scalar } from "yaml";
import { mapBlockScalar } from "./map-block-scalar.ts";
import { mapFlowScalar } from "./map-flow-scalar.ts";
import type { SourceText } from "./source-text.ts";
import { createTextMap, type TextMap } from "./text-map.ts";
import { traceDecoded, type Trace } from "./trace.ts";

/** Where the characters of a parsed YAML text stand in its file; undefined for a node without a place. */
export function traceScalar(source: SourceText, node: Scalar): Trace | undefined {
  const { range } = node;
  if (!range) return undefined;
  const [start, end] = range;
  const text = String(node.value);
  return traceDecoded(source, () => {
    const map = decode(source.text, start, end, node.type, text);
    return map?.text === text ? map : whole(source.text, start, end, text);
  });
}

function decode(text: string, start: number, end: number, type: Scalar["type"], value: string): TextMap | undefined {
  switch (type) {
    case "BLOCK_FOLDED":
    case "BLOCK_LITERAL":
      return mapBlockScalar(text, start, end, value);
    case "QUOTE_SINGLE":
      return mapFlowScalar(text, start, end, "single");
    case "QUOTE_DOUBLE":
      return mapFlowScalar(text, start, end, "double");
    default:
      return mapFlowScalar(text, start, end, "plain");
  }
}

/** All of a value at the whole scalar: true, if not exact, for a form that is not understood. */
function whole(source: string, start: number, end: number, value: string): TextMap {
  const map = createTextMap(source);
  map.replace(value, start, end);
  return map.build();
}
