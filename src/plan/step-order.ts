import type { Plan, Step } from "./step.ts";

/**
 * The steps, each after those it names in `after`; otherwise as the plan lists them. Throws an Error for a plan that no
 * order fits: an id twice, an unknown one, a circle.
 */
export function stepOrder({ steps }: Pick<Plan, "steps">): readonly Step[] {
  const byId = new Map(steps.map((step) => [step.id, step]));
  if (byId.size < steps.length) throw new Error("two steps of a plan have one id");
  const ordered: Step[] = [];
  const placed = new Set<string>();
  while (ordered.length < steps.length) {
    const next = steps.find(({ id, after }) => !placed.has(id) && after.every((one) => placed.has(one)));
    if (next === undefined) {
      const left = steps.filter(({ id }) => !placed.has(id)).map(({ id }) => id);
      throw new Error(`no order fits the steps ${left.join(", ")}`);
    }
    placed.add(next.id);
    ordered.push(next);
  }
  return ordered;
}
