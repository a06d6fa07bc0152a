import { isDeepStrictEqual } from "node:util";
import type { Project } from "../compose/project.ts";

/**
 * Every path at which the canonical models of two loads differ, as deep as the difference goes; lists as a whole. Top-level
 * `x-*` keys count for nothing by themselves: only what services take from them runs.
 */
export function changedPaths(before: Project, after: Project | undefined): readonly (readonly string[])[] {
  const found: string[][] = [];
  compare(wholeModel(before), after === undefined ? undefined : wholeModel(after), []);
  return found;

  function compare(left: unknown, right: unknown, path: readonly string[]): void {
    const [from, to] = [left ?? missing(right), right ?? missing(left)];
    if (isRecord(from) && isRecord(to)) {
      for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
        compare(own(from, key), own(to, key), [...path, key]);
      }
    } else if (!isDeepStrictEqual(left, right)) {
      found.push([...path]);
    }
  }
}

/** A section that one side has and the other not differs in its entries. */
function missing(other: unknown): unknown {
  return isRecord(other) && Object.keys(other).length > 0 ? {} : undefined;
}

/** With the services that no profile enables: a fix must not change them unseen. */
function wholeModel({ model, disabledServices }: Project): Readonly<Record<string, unknown>> {
  const services = model["services"];
  const sections = Object.fromEntries(Object.entries(model).filter(([key]) => !key.startsWith("x-")));
  return { ...sections, services: { ...disabledServices, ...(isRecord(services) ? services : {}) } };
}

function own(record: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
