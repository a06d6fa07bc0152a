import { composeSchema } from "./compose-schema.ts";
import type { Span } from "../core/span.ts";
import type { Hidden, WrittenPath } from "./compose-fault.ts";
import { addFault, type Faults } from "./faults.ts";
import { hiddenAt } from "./gather-hidden.ts";
import { prunePaths } from "./prune-paths.ts";
import { formatScalar } from "./format-scalar.ts";
import { suggestKey } from "./suggest-key.ts";
import { spanOf, valueKey, type Mapping, type Tree } from "./tree.ts";

/** The part of JSON Schema that the Compose specification uses. */
export interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean;
  readonly unevaluatedProperties?: boolean;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly uniqueItems?: boolean;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

/**
 * Checks a model against the Compose specification's schema, reports every fault at its own key or value, with a
 * suggestion for a misspelt key, and gives back the model without what is faulty.
 */
export function validateTree(tree: Mapping, faults: Faults): Mapping {
  const faulty: WrittenPath[] = [];
  check(composeSchema, tree, [], {
    report(message, path, span, more = {}) {
      faulty.push(path);
      addFault(faults, message, span, { ...more, kind: "schema", data: { path, ...more.data } });
    },
  });
  return prunePaths(tree, faulty);
}

/** Takes a fault and the path of the value that cannot stay because of it. */
interface Judge {
  report(
    message: string,
    path: WrittenPath,
    span: Span | undefined,
    more?: {
      readonly data?: { readonly key?: string; readonly suggestion?: string };
      readonly hides?: readonly Hidden[];
    },
  ): void;
}

const typeNames: Readonly<Record<string, string>> = {
  object: "a mapping",
  array: "a list",
  string: "text",
  number: "a number",
  integer: "an integer",
  boolean: "true or false",
  null: "empty",
};

const expressions = new Map<string, RegExp>();

/** The schema has a dozen patterns and asks them of every key. */
function expressionOf(pattern: string): RegExp {
  let expression = expressions.get(pattern);
  if (expression === undefined) {
    expression = new RegExp(pattern);
    expressions.set(pattern, expression);
  }
  return expression;
}

function dereference(schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  const name = schema.$ref.replace("#/$defs/", "");
  return composeSchema.$defs?.[name] ?? {};
}

/** JSON Schema's types of a value: an integer is a number too. */
function typesOf(tree: Tree): readonly string[] {
  if (tree.kind === "map") return ["object"];
  if (tree.kind === "list") return ["array"];
  const { value } = tree;
  if (value === null) return ["null"];
  if (typeof value === "bigint") return ["integer", "number"];
  if (typeof value === "number") return Number.isInteger(value) ? ["integer", "number"] : ["number"];
  return [typeof value === "boolean" ? "boolean" : "string"];
}

const allowed = new WeakMap<Schema, readonly string[]>();

function allowedTypes(schema: Schema): readonly string[] {
  const known = allowed.get(schema) ?? listAllowedTypes(schema);
  allowed.set(schema, known);
  return known;
}

function listAllowedTypes(schema: Schema): readonly string[] {
  const resolved = dereference(schema);
  if (resolved.type !== undefined) return typeof resolved.type === "string" ? [resolved.type] : resolved.type;
  const branches = resolved.oneOf ?? [];
  if (branches.length > 0) return [...new Set(branches.flatMap(allowedTypes))];
  return resolved.allOf === undefined ? [] : allowedTypes(resolved.allOf[0] ?? {});
}

function fits(schema: Schema, tree: Tree): boolean {
  const types = allowedTypes(schema);
  return types.length === 0 || typesOf(tree).some((type) => types.includes(type));
}

function check(given: Schema, tree: Tree, path: readonly string[], judge: Judge): void {
  const schema = dereference(given);
  if (!fits(schema, tree)) {
    const wanted = allowedTypes(schema).map((type) => typeNames[type] ?? type);
    const actual = typeNames[typesOf(tree)[0] ?? ""] ?? "something else";
    judge.report(`${render(path)} must be ${wanted.join(" or ")}, not ${actual}`, path, spanOf(tree));
    return;
  }
  if (schema.oneOf !== undefined) {
    const branch = schema.oneOf.find((candidate) => fits(candidate, tree));
    if (branch !== undefined) check(branch, tree, path, judge);
  }
  for (const part of schema.allOf ?? []) check(part, tree, path, judge);
  if (tree.kind === "map") checkMapping(schema, tree, path, judge);
  else if (tree.kind === "list") checkList(schema, tree.items, path, judge);
  else checkScalar(schema, tree, path, judge);
}

function checkMapping(schema: Schema, tree: Mapping, path: readonly string[], judge: Judge): void {
  for (const [key, entry] of tree.entries) {
    const at = [...path, key];
    const own = schema.properties?.[key];
    if (own !== undefined) check(own, entry.value, at, judge);
    let known = own !== undefined;
    for (const pattern in schema.patternProperties) {
      const value = schema.patternProperties[pattern];
      if (value === undefined || !expressionOf(pattern).test(key)) continue;
      known = true;
      check(value, entry.value, at, judge);
    }
    if (known) continue;
    const closed =
      schema.additionalProperties === false || (schema.unevaluatedProperties === false && !declares(schema, key));
    if (closed) reportUnknownKey(schema, key, path, entry.keySpan ?? spanOf(entry.value), judge);
  }
  for (const key of schema.required ?? []) {
    if (!tree.entries.has(key)) judge.report(`${render(path)} needs "${key}"`, path, spanOf(tree));
  }
  const alternatives = schema.anyOf ?? [];
  if (
    alternatives.length > 0 &&
    !alternatives.some((part) => (part.required ?? []).every((key) => tree.entries.has(key)))
  ) {
    const keys = alternatives.flatMap((part) => part.required ?? []).map((key) => `"${key}"`);
    judge.report(`${render(path)} needs ${keys.join(" or ")}`, path, spanOf(tree));
  }
}

function declares(schema: Schema, key: string): boolean {
  return (schema.allOf ?? []).some((part) => {
    const resolved = dereference(part);
    if (resolved.properties?.[key] !== undefined) return true;
    return Object.keys(resolved.patternProperties ?? {}).some((pattern) => expressionOf(pattern).test(key));
  });
}

function knownKeys(schema: Schema): readonly string[] {
  return [
    ...Object.keys(schema.properties ?? {}),
    ...(schema.allOf ?? []).flatMap((part) => knownKeys(dereference(part))),
  ];
}

function reportUnknownKey(schema: Schema, key: string, path: WrittenPath, span: Span | undefined, judge: Judge): void {
  const known = knownKeys(schema);
  const at = [...path, key];
  if (known.length === 0) {
    judge.report(`"${key}" is no valid name in ${render(path)}; use letters, digits, ".", "_" and "-"`, at, span);
    return;
  }
  const suggestion = suggestKey(key, known);
  if (suggestion === undefined) {
    judge.report(`unknown key "${key}" in ${render(path)}`, at, span, { data: { key } });
    return;
  }
  judge.report(`unknown key "${key}" in ${render(path)}; did you mean "${suggestion}"?`, at, span, {
    data: { key, suggestion },
    // What the key was meant to say is not known.
    hides: hiddenAt([...path, suggestion]),
  });
}

function checkList(schema: Schema, items: readonly Tree[], path: readonly string[], judge: Judge): void {
  const firsts = new Map<string, number>();
  for (const [at, item] of items.entries()) {
    if (schema.items !== undefined) check(schema.items, item, [...path, `[${at}]`], judge);
    if (schema.uniqueItems !== true) continue;
    const key = valueKey(item);
    const first = firsts.get(key);
    if (first === undefined) firsts.set(key, at);
    else
      judge.report(`${render(path)}: items ${first + 1} and ${at + 1} are equal`, [...path, `[${at}]`], spanOf(item));
  }
}

function checkScalar(schema: Schema, tree: Tree, path: readonly string[], judge: Judge): void {
  if (tree.kind !== "scalar") return;
  const { value } = tree;
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    const choices = schema.enum.map((choice) => `"${String(choice)}"`).join(", ");
    judge.report(`${render(path)} must be one of ${choices}, not "${formatScalar(value)}"`, path, spanOf(tree));
  }
  if (schema.pattern !== undefined && typeof value === "string" && !expressionOf(schema.pattern).test(value)) {
    judge.report(`${render(path)} has the invalid value "${value}"`, path, spanOf(tree));
  }
  if (typeof value !== "bigint" && typeof value !== "number") return;
  if (schema.minimum !== undefined && Number(value) < schema.minimum) {
    judge.report(`${render(path)} must be at least ${schema.minimum}`, path, spanOf(tree));
  }
  if (schema.maximum !== undefined && Number(value) > schema.maximum) {
    judge.report(`${render(path)} must be at most ${schema.maximum}`, path, spanOf(tree));
  }
}

function render(path: readonly string[]): string {
  return path.length === 0 ? "the file" : path.join(".").replaceAll(".[", "[");
}
