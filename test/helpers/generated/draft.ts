/** YAML before it is text: a scalar as it is written, a list, a mapping, a block scalar, or a value with a tag or anchor. */
export type Draft = string | readonly Draft[] | ReadonlyMap<string, Draft> | Block | Prefixed;

export interface Block {
  readonly block: string;
  readonly lines: readonly string[];
}

export interface Prefixed {
  readonly prefix: string;
  readonly value: Draft;
}

export function isMap(draft: Draft | undefined): draft is ReadonlyMap<string, Draft> {
  return draft instanceof Map;
}

export function isList(draft: Draft | undefined): draft is readonly Draft[] {
  return Array.isArray(draft);
}

/** A mapping from its keys; those without a value are left out. */
export function mapOf(entries: Readonly<Record<string, Draft | undefined>>): ReadonlyMap<string, Draft> {
  return new Map(Object.entries(entries).filter((entry): entry is [string, Draft] => entry[1] !== undefined));
}

/** A document as YAML text in block style. */
export function printDraft(draft: Draft): string {
  return `${printValue(draft, "").replace(/^[ \n]+/, "")}\n`;
}

/** What stands after `key:`, `-` or the tag: on the same line with a space, or on the next ones. */
function printValue(draft: Draft, indent: string): string {
  if (typeof draft === "string") return ` ${draft}`;
  if (isList(draft)) {
    if (draft.length === 0) return " []";
    return draft.map((item) => `\n${indent}-${printValue(item, `${indent}  `)}`).join("");
  }
  if (isMap(draft)) {
    if (draft.size === 0) return " {}";
    return [...draft].map(([key, value]) => `\n${indent}${key}:${printValue(value, `${indent}  `)}`).join("");
  }
  if ("block" in draft) return ` ${draft.block}${draft.lines.map((line) => `\n${indent}${line}`).join("")}`;
  return ` ${draft.prefix}${printValue(draft.value, indent)}`;
}
