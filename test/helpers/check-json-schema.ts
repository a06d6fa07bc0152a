import { readFileSync } from "node:fs";

type Schema = Readonly<Record<string, unknown>>;

const KNOWN = new Set(
  "$schema $id $defs $ref title description type const enum properties required items minItems minimum allOf anyOf oneOf".split(
    " ",
  ),
);

/**
 * Holds a value against docs/schema/NAME.schema.json and gives what is wrong, one text a fault. Stricter than the
 * schemas, which leave objects open to additions: keys that no schema mentions are faults here, and so are schema words
 * this checker does not know.
 */
export function checkJsonSchema(name: string, value: unknown): readonly string[] {
  return faults(load(`${name}.schema.json`), value, "$");
}

function load(file: string): Schema {
  return JSON.parse(readFileSync(new URL(`../../docs/schema/${file}`, import.meta.url), "utf8")) as Schema;
}

function resolve(ref: string): Schema {
  const [file = "", path = ""] = ref.split("#");
  return path
    .split("/")
    .filter((part) => part !== "")
    .reduce((schema, part) => schema[part] as Schema, load(file));
}

function faults(schema: Schema, value: unknown, at: string): readonly string[] {
  const strange = Object.keys(schema).filter((word) => !KNOWN.has(word));
  if (strange.length > 0) return [`${at}: the checker does not know ${strange.join(", ")}`];
  return [...ownFaults(schema, value, at), ...unknownKeys(schema, value, at)];
}

function ownFaults(schema: Schema, value: unknown, at: string): string[] {
  const found: string[] = [];
  const list = (word: string) => (schema[word] ?? []) as readonly Schema[];
  if (typeof schema.$ref === "string") found.push(...ownFaults(resolve(schema.$ref), value, at));
  if (
    "type" in schema &&
    ![schema.type].flat().includes(typeOf(value)) &&
    !(typeOf(value) === "integer" && [schema.type].flat().includes("number"))
  ) {
    return [...found, `${at}: is ${typeOf(value)}, not ${[schema.type].flat().join(" or ")}`];
  }
  if ("const" in schema && value !== schema.const) found.push(`${at}: is not ${JSON.stringify(schema.const)}`);
  if ("enum" in schema && !(schema.enum as unknown[]).includes(value))
    found.push(`${at}: ${JSON.stringify(value)} is not in the list`);
  if (typeof schema.minimum === "number" && (value as number) < schema.minimum)
    found.push(`${at}: below ${schema.minimum}`);
  if (Array.isArray(value)) {
    if (typeof schema.minItems === "number" && value.length < schema.minItems)
      found.push(`${at}: fewer than ${schema.minItems}`);
    if (schema.items !== undefined)
      found.push(...value.flatMap((item, index) => faults(schema.items as Schema, item, `${at}[${index}]`)));
  } else if (typeof value === "object" && value !== null) {
    for (const key of (schema.required ?? []) as readonly string[])
      if (!(key in value)) found.push(`${at}: lacks ${key}`);
    for (const [key, inner] of Object.entries((schema.properties ?? {}) as Record<string, Schema>)) {
      if (key in value) found.push(...faults(inner, (value as Record<string, unknown>)[key], `${at}.${key}`));
    }
  }
  for (const part of list("allOf")) found.push(...ownFaults(part, value, at));
  const oneOf = list("oneOf").map((part) => faults(part, value, at));
  if (oneOf.length > 0 && oneOf.filter((part) => part.length === 0).length !== 1) {
    found.push(
      ...(oneOf.toSorted((a, b) => a.length - b.length)[0] ?? []),
      `${at}: fits not exactly one of the shapes`,
    );
  }
  const anyOf = list("anyOf").map((part) => ownFaults(part, value, at));
  if (anyOf.length > 0 && anyOf.every((part) => part.length > 0)) found.push(...anyOf.flat());
  return found;
}

function unknownKeys(schema: Schema, value: unknown, at: string): readonly string[] {
  const known = mentionedKeys(schema);
  if (typeof value !== "object" || value === null || Array.isArray(value) || known.length === 0) return [];
  return Object.keys(value).flatMap((key) => (known.includes(key) ? [] : [`${at}: ${key} is in no schema`]));
}

function mentionedKeys(schema: Schema): readonly string[] {
  return [
    ...Object.keys(schema.properties ?? {}),
    ...(typeof schema.$ref === "string" ? mentionedKeys(resolve(schema.$ref)) : []),
    ...["allOf", "oneOf"].flatMap((word) => ((schema[word] ?? []) as readonly Schema[]).flatMap(mentionedKeys)),
  ];
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return Number.isInteger(value) ? "integer" : typeof value;
}
