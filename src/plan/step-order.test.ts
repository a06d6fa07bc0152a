import { expect, it } from "vitest";
import { stepOrder } from "./step-order.ts";
import type { Step } from "./step.ts";

const step = (id: string, ...after: string[]): Step => ({ id, kind: "x", args: {}, after, title: id });
const order = (...steps: Step[]) => stepOrder({ steps }).map(({ id }) => id);

it("keeps the plan's order where steps allow it", () => {
  expect(order(step("a"), step("b"), step("c", "a"))).toEqual(["a", "b", "c"]);
});

it("puts a step after those it names", () => {
  expect(order(step("c", "a", "b"), step("b", "a"), step("a"))).toEqual(["a", "b", "c"]);
});

it.each([
  ["a circle", [step("a", "b"), step("b", "a"), step("c")], "no order fits the steps a, b"],
  ["a step that is not there", [step("a", "b")], "no order fits the steps a"],
  ["an id twice", [step("a"), step("a")], "two steps of a plan have one id"],
])("refuses %s", (_, steps, message) => {
  expect(() => stepOrder({ steps })).toThrow(message);
});
