import { isTable, type Assignment } from "./assign-objects.ts";
import type { SplitObject } from "./split-facts.ts";

/** PostgreSQL holds a lock on every table a transaction drops: so many fit into the smallest lock table. */
const tablesAtOnce = 500;

/**
 * Statements that remove objects from a copy, in order, each to be run by itself. CASCADE takes foreign keys among the
 * tables that go: everything else that needs them goes before, or would be torn.
 */
export function planDrops(gone: readonly SplitObject[]): readonly string[] {
  const tables = new Set(gone.filter(isTable).map(({ key }) => key));
  const needsTable = new Set<string>();
  for (let grew = true; grew;) {
    grew = false;
    for (const { key, needs } of gone) {
      if (tables.has(key) || needsTable.has(key) || !needs.some((one) => tables.has(one) || needsTable.has(one)))
        continue;
      needsTable.add(key);
      grew = true;
    }
  }
  const others = gone.filter(({ key }) => !tables.has(key));
  const before = usersFirst(others.filter(({ key }) => needsTable.has(key)));
  const after = usersFirst(others.filter(({ key }) => !needsTable.has(key)));
  return [...before.map(dropOne), ...dropTables(gone.filter(isTable)), ...after.map(dropOne)];
}

/** Objects that belong to no side of a copy. */
export function objectsToDrop(
  objects: readonly SplitObject[],
  { sides }: Pick<Assignment, "sides">,
  side: string,
): readonly SplitObject[] {
  return objects.filter(({ key }) => ![...(sides.get(key) ?? [])].some((one) => one === side));
}

function dropTables(tables: readonly SplitObject[]): readonly string[] {
  const statements: string[] = [];
  for (const kind of ["foreign table", "table"] as const) {
    const names = tables.filter((one) => one.kind === kind).map(({ identity }) => identity);
    for (let at = 0; at < names.length; at += tablesAtOnce) {
      statements.push(`DROP ${kind.toUpperCase()} IF EXISTS ${names.slice(at, at + tablesAtOnce).join(", ")} CASCADE`);
    }
  }
  return statements;
}

function dropOne({ kind, identity }: SplitObject): string {
  return `DROP ${kind.toUpperCase()} IF EXISTS ${identity}`;
}

/** What needs another one comes before it. */
function usersFirst(objects: readonly SplitObject[]): readonly SplitObject[] {
  const left = new Map(objects.map((object) => [object.key, object]));
  const ordered: SplitObject[] = [];
  while (left.size > 0) {
    const needed = new Set([...left.values()].flatMap(({ key, needs }) => needs.filter((one) => one !== key)));
    const free = [...left.values()].filter(({ key }) => !needed.has(key));
    // Objects that need each other cannot be dropped one by one: the server says which.
    const next = free.length > 0 ? free : [...left.values()];
    for (const object of next) left.delete(object.key);
    ordered.push(...next);
  }
  return ordered;
}
