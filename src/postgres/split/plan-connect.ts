import type { OwnerId } from "../database-verdict.ts";
import type { Assignment } from "./assign-objects.ts";
import type { DatabaseGrant, SplitFacts } from "./split-facts.ts";

/**
 * Who may do what with one side's database. Not everybody may connect any more: its owner may, and who owns or was granted
 * something that is in it. What else was granted on the database by name stays, but not to a role that has its objects
 * on another side alone. A superuser may connect whatever is granted.
 */
export function planConnect(
  { database, objects, roles }: Pick<SplitFacts, "database" | "objects" | "roles">,
  { sides }: Pick<Assignment, "sides">,
  { part, owner }: { readonly part: OwnerId; readonly owner: string },
): readonly DatabaseGrant[] {
  const mine = new Set<string>([owner]);
  const others = new Set<string>();
  for (const object of objects) {
    const group = sides.get(object.key)?.has(part) === true ? mine : others;
    for (const role of [object.owner, ...object.granted]) group.add(role);
  }
  const everybody = database.grants ?? [
    { role: undefined, privilege: "CONNECT", grantable: false },
    { role: undefined, privilege: "TEMPORARY", grantable: false },
  ];
  const isOpen = everybody.some(({ role, privilege }) => role === undefined && privilege === "CONNECT");
  const named = everybody.filter(({ role }) => role !== undefined && (mine.has(role) || !others.has(role)));
  const connecting = isOpen ? roles.filter(({ name, isSuperuser }) => mine.has(name) && !isSuperuser) : [];
  const wanted: DatabaseGrant[] = [
    ...everybody.filter(({ role, privilege }) => role === undefined && privilege !== "CONNECT"),
    ...named.filter(({ role }) => role !== database.owner && role !== owner),
    ...connecting.map(({ name }): DatabaseGrant => ({ role: name, privilege: "CONNECT", grantable: false })),
  ];
  const seen = new Set<string>();
  return wanted.filter(({ role, privilege }) => {
    const key = `${role ?? ""} ${privilege}`;
    return role === owner || seen.has(key) ? false : seen.add(key);
  });
}
