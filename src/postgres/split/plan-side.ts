import { quoteName } from "../quote-sql.ts";
import { isTable } from "./assign-objects.ts";
import { chooseOwner } from "./choose-owner.ts";
import type { PlanBuilder } from "./plan-builder.ts";
import { planConnect } from "./plan-connect.ts";
import { objectsToDrop, planDrops } from "./plan-drops.ts";
import { planHandOver } from "./plan-hand-over.ts";
import type { SplitObject } from "./split-facts.ts";
import type { SplitRequest, SplitSide } from "./split-request.ts";
import type { CopyRef, VersionRows } from "./split-steps.ts";

/** Where a side's steps stand in the plan. */
export interface SidePlace {
  readonly side: SplitSide;
  readonly copy: CopyRef;
  /** Steps after which its copy can be worked on. */
  readonly ready: readonly string[];
  /** The step after which the original can be read. */
  readonly aside: string;
  /** Steps after which another server can take it. */
  readonly started: readonly string[];
}

/** What happens to one copy between its making and its place; gives the step that compares it with the original. */
export function planSide(request: SplitRequest, { add }: PlanBuilder, place: SidePlace): string {
  const { facts, assignment, versionTables, sides } = request;
  const { side, copy, aside, started } = place;
  const { part, role, isEmpty } = side;
  const service = side.service ?? null;
  // A version table that is missing is its application's from the start.
  const versions =
    service === null && role !== undefined ? side.versions.map((one) => ({ ...one, owner: role })) : side.versions;
  const stays = side === sides[0];
  const own = isEmpty ? [] : facts.objects.filter(({ key }) => assignment.sides.get(key)?.has(part) === true);
  let last: readonly string[] = place.ready;
  if (!isEmpty) {
    const drops = planDrops(objectsToDrop(facts.objects, assignment, part));
    const largeObjects = !stays && facts.largeObjects > 0;
    last = [
      add(
        "clear-copy",
        { copy, drops, largeObjects },
        { about: part, after: last, title: `remove what is not ${part}'s from its copy` },
      ),
    ];
    const title = `set the revision of ${part} to ${versions.flatMap(({ rows }) => rows).join(", ")}`;
    last = [add("set-version-rows", { copy, versions }, { about: part, after: last, title })];
  }
  if (service !== null) {
    const title = `copy ${part} to ${service}`;
    last = [add("transfer-copy", { copy, service }, { about: part, after: [...last, ...started], title })];
  }
  // On a server of its own the application's role makes everything itself.
  if (role !== undefined && (service === null || side.isServerThere === true)) {
    const alters =
      service === null
        ? planHandOver(facts, own, role)
        : planHandOver(facts, [...own.map((one) => ({ ...one, owner: "" })), ...versions.map(asTable)], role);
    last = [
      add("hand-over", { copy, service, role, alters }, { about: part, after: last, title: `give ${part} to ${role}` }),
    ];
  }
  const owner = chooseOwner(facts, assignment, side);
  const { connectionLimit, settings } = facts.database;
  const grants = planConnect(facts, assignment, { part, owner });
  last = [
    add(
      "set-properties",
      { copy, service, owner, connectionLimit, grants, settings },
      { about: part, after: last, title: `set rights and settings for ${part}` },
    ),
  ];
  const tables = own
    .filter((object) => isTable(object) && !versionTables.has(`${object.schema}.${object.name}`))
    .map(({ schema, name }) => ({ schema, name }));
  const others = own.filter((object) => !isTable(object)).map(({ schema, name }) => `${schema}.${name}`);
  return add(
    "verify-copy",
    { oid: facts.database.oid, copy, service, tables, versions: isEmpty ? [] : versions, others },
    { about: part, after: [...last, aside], title: `compare ${part} with the original` },
  );
}

/** A version table that the plan may have made, which no object of the original stands for. */
function asTable({ schema, name }: VersionRows): SplitObject {
  const identity = `${quoteName(schema)}.${quoteName(name)}`;
  return { key: identity, kind: "table", schema, name, identity, owner: "", needs: [], granted: [] };
}
