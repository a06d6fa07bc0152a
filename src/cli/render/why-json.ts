import type { WhyResult } from "../../actions/why.ts";
import type { ValueLife } from "../../compose/life-of-value.ts";
import type { OriginLink } from "../../core/origin.ts";
import type { Span } from "../../core/span.ts";

/** The payload of `bulkhead why --json`. */
export function whyJson({ name, life }: WhyResult): Readonly<Record<string, unknown>> {
  return {
    name,
    path: life.path,
    value: plain(life.value),
    key: place(life.key),
    steps: life.steps.map(step),
    replaced: life.replaced.map(step),
    parts: life.parts.map(({ text, steps }) => ({ text, steps: steps.map(step) })),
    children: life.children.map((child) => ({
      path: child.path,
      value: plain(child.value),
      step: child.step === undefined ? null : step(child.step),
    })),
  };
}

function step(link: OriginLink) {
  return {
    step: link.step,
    variable: link.variable ?? null,
    unset: link.unset ?? null,
    place: place(link.span),
  };
}

function place(span: Span | undefined) {
  if (span === undefined) return null;
  const { file, line, column, start, end } = span;
  return { file, line, column, bytes: { start, end } };
}

/** Lists and mappings are told by their children. */
function plain(value: ValueLife["value"]): string | number | boolean | null {
  return typeof value === "bigint" ? String(value) : (value ?? null);
}
