import type { Label } from "../core/finding.ts";
import { groupBy } from "../core/group-by.ts";

/** Things at one place are one: an anchor that several services use. In order of first sight. */
export function groupByPlace<T extends { readonly label: Label }>(
  items: readonly T[],
): readonly (readonly [T, ...T[]])[] {
  const groups = groupBy(items, ({ label: { span } }) => `${span.file}\n${span.start}\n${span.end}`);
  return [...groups.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [[first, ...others] as const],
  );
}
