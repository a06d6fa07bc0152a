import type { Assignment } from "./assign-objects.ts";
import type { SplitFacts } from "./split-facts.ts";
import type { SplitSide } from "./split-request.ts";

/**
 * Who owns a side's database: its new role, else who owned it before, unless that is the role of another side alone: an
 * owner may always connect. Then it is the owner of most of what is in it.
 */
export function chooseOwner(
  { database, objects }: Pick<SplitFacts, "database" | "objects">,
  { sides }: Pick<Assignment, "sides">,
  { part, role }: Pick<SplitSide, "part" | "role">,
): string {
  if (role !== undefined) return role;
  const mine = new Map<string, number>();
  const others = new Set<string>();
  for (const { key, owner } of objects) {
    if (sides.get(key)?.has(part) === true) mine.set(owner, (mine.get(owner) ?? 0) + 1);
    else others.add(owner);
  }
  if (mine.has(database.owner) || !others.has(database.owner)) return database.owner;
  const [most] = [...mine].toSorted(([, left], [, right]) => right - left);
  return most?.[0] ?? database.owner;
}
