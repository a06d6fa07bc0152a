import { composeSchema } from "./compose-schema.ts";
import { addMessage, type Faults } from "./faults.ts";
import { formatScalar } from "./format-scalar.ts";
import { suggestKey } from "./suggest-key.ts";
import { sameValue, spanOf, type Mapping, type Tree } from "./tree.ts";

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
 * Checks a model against the Compose specification's schema and reports every fault at its own key or value, with a
 * suggestion for a misspelt key.
 */
export function validateTree(tree: Tree, faults: Faults): void {
  check(composeSchema, tree, [], faults);
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

function allowedTypes(schema: Schema): readonly string[] {
  const resolved = dereference(schema);
  if (resolved.type !== undefined) return typeof resolved.type === "string" ? [resolved.type] : resolved.type;
  const branches = resolved.oneOf ?? [];
  if (branches.length > 0) return [...new Set(branches.flatMap(allowedTypes))];
  return resolved.allOf === undefined ? [] : allowedTypes(resolved.allOf[0] ?? {});
}

function fits(schema: Schema, tree: Tree): boolean {
  const allowed = allowedTypes(schema);
  return allowed.length === 0 || typesOf(tree).some((type) => allowed.includes(type));
}

function check(given: Schema, tree: Tree, path: readonly string[], faults: Faults): void {
  const schema = dereference(given);
  if (!fits(schema, tree)) {
    const wanted = allowedTypes(schema).map((type) => typeNames[type] ?? type);
    const actual = typeNames[typesOf(tree)[0] ?? ""] ?? "something else";
    addMessage(faults.faults, `${render(path)} must be ${wanted.join(" or ")}, not ${actual}`, spanOf(tree));
    return;
  }
  if (schema.oneOf !== undefined) {
    const branch = schema.oneOf.find((candidate) => fits(candidate, tree));
    if (branch !== undefined) check(branch, tree, path, faults);
  }
  for (const part of schema.allOf ?? []) check(part, tree, path, faults);
  if (tree.kind === "map") checkMapping(schema, tree, path, faults);
  else if (tree.kind === "list") checkList(schema, tree.items, path, faults);
  else checkScalar(schema, tree, path, faults);
}

function checkMapping(schema: Schema, tree: Mapping, path: readonly string[], faults: Faults): void {
  for (const [key, entry] of tree.entries) {
    const at = [...path, key];
    const own = schema.properties?.[key];
    if (own !== undefined) check(own, entry.value, at, faults);
    let known = own !== undefined;
    for (const [pattern, value] of Object.entries(schema.patternProperties ?? {})) {
      if (!expressionOf(pattern).test(key)) continue;
      known = true;
      check(value, entry.value, at, faults);
    }
    if (known) continue;
    const closed =
      schema.additionalProperties === false || (schema.unevaluatedProperties === false && !declares(schema, key));
    if (closed) addMessage(faults.faults, unknownKey(schema, key, path), entry.keySpan ?? spanOf(entry.value));
  }
  for (const key of schema.required ?? []) {
    if (!tree.entries.has(key)) addMessage(faults.faults, `${render(path)} needs "${key}"`, spanOf(tree));
  }
  const alternatives = schema.anyOf ?? [];
  if (
    alternatives.length > 0 &&
    !alternatives.some((part) => (part.required ?? []).every((key) => tree.entries.has(key)))
  ) {
    const keys = alternatives.flatMap((part) => part.required ?? []).map((key) => `"${key}"`);
    addMessage(faults.faults, `${render(path)} needs ${keys.join(" or ")}`, spanOf(tree));
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

function unknownKey(schema: Schema, key: string, path: readonly string[]): string {
  const known = knownKeys(schema);
  if (known.length === 0) return `"${key}" is no valid name in ${render(path)}; use letters, digits, ".", "_" and "-"`;
  const suggestion = suggestKey(key, known);
  return `unknown key "${key}" in ${render(path)}${suggestion === undefined ? "" : `; did you mean "${suggestion}"?`}`;
}

function checkList(schema: Schema, items: readonly Tree[], path: readonly string[], faults: Faults): void {
  for (const [at, item] of items.entries()) {
    if (schema.items !== undefined) check(schema.items, item, [...path, `[${at}]`], faults);
    if (schema.uniqueItems !== true) continue;
    const first = items.findIndex((other) => sameValue(other, item));
    if (first < at)
      addMessage(faults.faults, `${render(path)}: items ${first + 1} and ${at + 1} are equal`, spanOf(item));
  }
}

function checkScalar(schema: Schema, tree: Tree, path: readonly string[], faults: Faults): void {
  if (tree.kind !== "scalar") return;
  const { value } = tree;
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    const choices = schema.enum.map((choice) => `"${String(choice)}"`).join(", ");
    addMessage(faults.faults, `${render(path)} must be one of ${choices}, not "${formatScalar(value)}"`, spanOf(tree));
  }
  if (schema.pattern !== undefined && typeof value === "string" && !expressionOf(schema.pattern).test(value)) {
    addMessage(faults.faults, `${render(path)} has the invalid value "${value}"`, spanOf(tree));
  }
  if (typeof value !== "bigint" && typeof value !== "number") return;
  if (schema.minimum !== undefined && Number(value) < schema.minimum) {
    addMessage(faults.faults, `${render(path)} must be at least ${schema.minimum}`, spanOf(tree));
  }
  if (schema.maximum !== undefined && Number(value) > schema.maximum) {
    addMessage(faults.faults, `${render(path)} must be at most ${schema.maximum}`, spanOf(tree));
  }
}

function render(path: readonly string[]): string {
  return path.length === 0 ? "the file" : path.join(".").replaceAll(".[", "[");
}
