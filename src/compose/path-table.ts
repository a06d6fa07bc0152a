/** A set of path patterns, walked one key at a time so that a subtree no pattern reaches is left at once. */
export interface PathTable<T> {
  readonly value?: T;
  readonly keys: ReadonlyMap<string, PathTable<T>>;
  /** What `*` leads to: any key or list item. */
  readonly any?: PathTable<T>;
}

interface Draft<T> {
  value?: T;
  keys: Map<string, Draft<T>>;
  any?: Draft<T>;
}

/** Builds a table from dotted patterns such as `services.*.ports`; `[]` means a list item only, `*` any step. */
export function createPathTable<T>(patterns: readonly (readonly [pattern: string, value: T])[]): PathTable<T> {
  const root: Draft<T> = { keys: new Map() };
  for (const [pattern, value] of patterns) {
    let at = root;
    for (const part of pattern.split(".")) {
      let next = part === "*" ? at.any : at.keys.get(part);
      if (next === undefined) {
        next = { keys: new Map() };
        if (part === "*") at.any = next;
        else at.keys.set(part, next);
      }
      at = next;
    }
    at.value = value;
  }
  return root;
}

/** The tables that `key` leads to from `tables`. */
export function stepPath<T>(tables: readonly PathTable<T>[], key: string): readonly PathTable<T>[] {
  const next: PathTable<T>[] = [];
  for (const table of tables) {
    const exact = table.keys.get(key);
    if (exact !== undefined) next.push(exact);
    if (table.any !== undefined) next.push(table.any);
  }
  return next;
}

/** The value of the first table that ends here. */
export function valueHere<T>(tables: readonly PathTable<T>[]): T | undefined {
  for (const table of tables) if (table.value !== undefined) return table.value;
  return undefined;
}
