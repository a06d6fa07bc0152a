import { ToolError } from "../../core/tool-error.ts";
import type { DatabasePicture } from "../database-picture.ts";
import type { AppShare, DatabaseVerdict, OwnerId } from "../database-verdict.ts";
import { assignObjects, type Assignment, type KnownTables } from "./assign-objects.ts";
import { chooseRevision, type ChosenRevision } from "./choose-revision.ts";
import { chooseKeeper, groupParts, type Part } from "./group-parts.ts";
import type { SplitFacts } from "./split-facts.ts";
import type { VersionRows } from "./split-steps.ts";

/** What stands in a database, part by part, and what each part is to get. */
export interface PreparedSplit {
  /** The one that keeps the database first. One part alone: only its version rows are repaired. */
  readonly parts: readonly PreparedPart[];
  readonly assignment: Assignment;
  readonly versionTables: ReadonlySet<string>;
}

export interface PreparedPart extends Part {
  readonly versions: readonly VersionRows[];
  readonly chosen: readonly (ChosenRevision & { readonly table: string })[];
}

/**
 * Decides what belongs to whom. Undefined: nothing has to be separated or repaired.
 *
 * @param leaves the application that leaves the database; undefined: not the one the database is named after
 * @throws ToolError SPLIT_REFUSED with names and the manual way, where no automatic separation is possible
 */
export function prepareSplit(
  picture: DatabasePicture,
  verdict: DatabaseVerdict,
  facts: SplitFacts,
  leaves: OwnerId | undefined,
): PreparedSplit | undefined {
  const { name } = picture;
  if (verdict.refusal !== undefined) throw refused(`${name} cannot be split: ${verdict.refusal}`, verdict.next);
  const parts = groupParts(verdict);
  if (leaves !== undefined && !parts.some(({ id }) => id === leaves)) {
    throw refused(`There are no tables of ${leaves} in ${name}: ${verdict.fact}`, verdict.next);
  }
  const keeper = chooseKeeper(parts, name, leaves);
  const ordered = parts.toSorted((left, right) => Number(right.id === keeper) - Number(left.id === keeper));
  const prepared = ordered.map((part) => preparePart(picture, part, verdict));
  const repairs = prepared.some(({ shares, versions }) => !shares.every((share) => hasRows(share, versions)));
  if (keeper === undefined || (prepared.length === 1 && !repairs)) return undefined;
  const known = knownTables(picture, prepared);
  const assignment = assignObjects(facts, known, keeper);
  const [torn] = assignment.torn;
  if (torn !== undefined) {
    throw refused(
      `${name} cannot be split: ${torn.kind} ${torn.identity} refers to tables of more than one application.`,
      [`Drop its foreign keys, or the ${torn.kind}, and repeat the command: psql -d ${name} -c '\\d ${torn.identity}'`],
    );
  }
  const versionTables = new Set(prepared.flatMap(({ versions }) => versions.map((one) => `${one.schema}.${one.name}`)));
  return { parts: prepared, assignment, versionTables };
}

function preparePart(picture: DatabasePicture, part: Part, verdict: DatabaseVerdict): PreparedPart {
  if (part.isSkeleton) return { ...part, versions: [], chosen: [] };
  const rows = part.shares
    .filter(({ isSkeleton }) => !isSkeleton)
    .map((share) => ({ share, chosen: revisionOf(picture, share, verdict) }));
  return {
    ...part,
    versions: rows.map(({ share, chosen }) => ({
      schema: share.schema,
      name: share.revision.versionTable,
      rows: [chosen.revision],
      owner: ownerOf(picture, share),
    })),
    chosen: rows.map(({ share, chosen }) => ({ ...chosen, table: `${share.schema}.${share.revision.versionTable}` })),
  };
}

function revisionOf({ name }: DatabasePicture, share: AppShare, { next }: DatabaseVerdict): ChosenRevision {
  const chosen = chooseRevision(share);
  if (chosen !== undefined) return chosen;
  const { outOfOrder } = share.revision;
  const why =
    outOfOrder.length > 0
      ? `marks of ${outOfOrder.join(", ")} are there though earlier ones are not: its tables are half migrated`
      : "neither its version row nor its columns tell it";
  throw refused(
    `${name} cannot be split: which revision the tables of ${share.owner} have is not known, for ${why}.`,
    next,
  );
}

/** True when the version table says of this share what it should. */
function hasRows({ schema, revision, isSkeleton }: AppShare, versions: readonly VersionRows[]): boolean {
  if (isSkeleton) return false;
  const wanted = versions.find((one) => one.schema === schema && one.name === revision.versionTable);
  return wanted?.rows.join() === revision.recorded.join();
}

function ownerOf({ tables, owner }: DatabasePicture, share: AppShare): string {
  const [first] = share.tables;
  return tables.find(({ schema, name }) => schema === first?.schema && name === first.name)?.owner ?? owner;
}

/** Version tables that are one application's by their name alone. */
const ownVersionTables: Readonly<Record<string, OwnerId>> = {
  alembic_version_fab: "airflow",
  alembic_version_edge3: "airflow",
  alembic_version_auth: "mlflow-auth",
};

function knownTables({ versionTables }: DatabasePicture, parts: readonly Part[]): KnownTables {
  const known = new Map<string, readonly OwnerId[]>();
  for (const { id, shares, isSkeleton } of parts) {
    for (const { tables } of shares) for (const { schema, name } of tables) known.set(`${schema}.${name}`, [id]);
    if (isSkeleton) continue;
    for (const { schema, revision } of shares) {
      const key = `${schema}.${revision.versionTable}`;
      known.set(key, [...(known.get(key) ?? []).filter((one) => one !== id), id]);
    }
  }
  for (const { schema, name } of versionTables) {
    const owner = ownVersionTables[name];
    const part = parts.find(({ id, shares }) => id === owner || shares.some((share) => share.owner === owner));
    if (part !== undefined && !known.has(`${schema}.${name}`)) known.set(`${schema}.${name}`, [part.id]);
  }
  return known;
}

function refused(message: string, next: readonly string[]): ToolError {
  return new ToolError("SPLIT_REFUSED", message, { hint: next.join("\n"), exitCode: 1 });
}
