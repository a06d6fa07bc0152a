import { addFault, type Faults } from "./faults.ts";
import { isNull, list, mapping, spanOf, type Entry, type Tree } from "./tree.ts";

/** Turns a written value into its canonical one. Undefined: Go's zero value, which Compose does not print. */
export type Decode = (tree: Tree, path: readonly string[], faults: Faults) => Tree | undefined;

/** The form of a part of the model, as Compose's Go types have it. */
export type Shape =
  | { readonly kind: "leaf"; readonly decode: Decode }
  | { readonly kind: "struct"; readonly fields: ReadonlyMap<string, Field> }
  /** A mapping by user's names. A null value stays null. */
  | { readonly kind: "map"; readonly values: Shape }
  | { readonly kind: "list"; readonly items: Shape };

export interface Field {
  readonly shape: Shape;
  /** `zero`: printed even when zero, because Go has a pointer there. `always`: printed even when absent. */
  readonly keep?: "zero" | "always";
  /** The name Compose prints, where it differs from the one it reads. */
  readonly as?: string;
}

export function struct(fields: Readonly<Record<string, Shape | Field>>): Shape {
  const complete = new Map<string, Field>();
  for (const [name, field] of Object.entries(fields)) complete.set(name, "shape" in field ? field : { shape: field });
  return { kind: "struct", fields: complete };
}

export function leaf(decode: Decode): Shape {
  return { kind: "leaf", decode };
}

export function mapOf(values: Shape): Shape {
  return { kind: "map", values };
}

export function listOf(items: Shape): Shape {
  return { kind: "list", items };
}

/** A field that is kept even when its value is zero. */
export function pointer(shape: Shape): Field {
  return { shape, keep: "zero" };
}

/**
 * Decodes a canonical tree by its shape: converts what Compose converts (bytes, durations, labels, hosts, modes) and
 * leaves out what Compose does not print. `x-*` keys of structs stay. Reports values that do not fit.
 */
export function decodeShape(shape: Shape, tree: Tree, path: readonly string[], faults: Faults): Tree | undefined {
  switch (shape.kind) {
    case "leaf":
      return isNull(tree) ? undefined : shape.decode(tree, path, faults);
    case "list": {
      if (tree.kind !== "list") return undefined;
      const items: Tree[] = [];
      for (const [at, item] of tree.items.entries()) {
        const value = decodeShape(shape.items, item, [...path, `[${at}]`], faults);
        if (value !== undefined) items.push(value);
        else if (shape.items.kind === "leaf") items.push(item);
      }
      return items.length === 0 ? undefined : list(items, tree.origin);
    }
    case "map": {
      if (tree.kind !== "map") return undefined;
      const entries = new Map<string, Entry>();
      for (const [key, entry] of tree.entries) {
        const value = isNull(entry.value)
          ? entry.value
          : decodeShape(shape.values, entry.value, [...path, key], faults);
        if (value !== undefined) entries.set(key, { ...entry, value });
      }
      return entries.size === 0 ? undefined : mapping(entries, tree.origin);
    }
    case "struct":
      return decodeStruct(shape.fields, tree, path, faults);
    default:
      return shape satisfies never;
  }
}

function decodeStruct(
  fields: ReadonlyMap<string, Field>,
  tree: Tree,
  path: readonly string[],
  faults: Faults,
): Tree | undefined {
  if (isNull(tree)) return undefined;
  if (tree.kind !== "map") {
    addFault(faults, `${path.join(".")} must be a mapping`, spanOf(tree), { kind: "schema", data: { path } });
    return undefined;
  }
  const entries = new Map<string, Entry>();
  for (const [key, entry] of tree.entries) {
    if (key.startsWith("x-")) {
      entries.set(key, entry);
      continue;
    }
    const field = fields.get(key);
    if (field === undefined) continue;
    const value = decodeShape(field.shape, entry.value, [...path, key], faults);
    if (value === undefined) {
      if (field.keep === "always") entries.set(field.as ?? key, { ...entry, value: emptyOf(field.shape, entry.value) });
      continue;
    }
    if (field.keep === undefined && isZero(value)) continue;
    entries.set(field.as ?? key, { ...entry, value });
  }
  for (const [key, field] of keptFields(fields)) {
    if (!entries.has(field.as ?? key)) entries.set(field.as ?? key, { value: emptyOf(field.shape, tree) });
  }
  return mapping(entries, tree.origin);
}

const kept = new WeakMap<ReadonlyMap<string, Field>, readonly (readonly [string, Field])[]>();

/** Fields that are there even when nobody writes them. Every service asks for the few among its many. */
function keptFields(fields: ReadonlyMap<string, Field>): readonly (readonly [string, Field])[] {
  const known = kept.get(fields) ?? [...fields].filter(([, field]) => field.keep === "always");
  kept.set(fields, known);
  return known;
}

/** Go's zero value where Compose prints it all the same. */
function emptyOf(shape: Shape, near: Tree): Tree {
  if (shape.kind !== "struct") return { kind: "scalar", value: null, origin: near.origin };
  return mapping(
    keptFields(shape.fields).map(([key, field]) => [field.as ?? key, emptyOf(field.shape, near)] as const),
    near.origin,
  );
}

function isZero(tree: Tree): boolean {
  if (tree.kind === "list") return tree.items.length === 0;
  if (tree.kind === "map") return false;
  const { value } = tree;
  return value === "" || value === false || value === 0n || value === 0 || value === null;
}
