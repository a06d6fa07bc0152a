import { knownRevisions } from "../catalog/known-revisions.ts";
import { holdsAt } from "../catalog/schema-history.ts";
import type { TelltaleApp } from "../catalog/telltale-tables.ts";
import type { DatabasePicture, TablePicture, VersionTable } from "./database-picture.ts";
import type { AppShare, OwnerId } from "./database-verdict.ts";
import { findOwners } from "./find-owners.ts";
import { fingerprintRevision, type Fingerprint } from "./fingerprint-revision.ts";
import { mayBeSkeleton } from "./may-be-skeleton.ts";

/** Revisions of the package that a project has installed, read from it. */
export interface InstalledRevisions {
  readonly heads: readonly string[];
  readonly revisions: readonly string[];
}

export type InstalledHistories = Partial<Readonly<Record<OwnerId, InstalledRevisions>>>;

/** One application's part of a schema, with what its shape tells. */
export interface Share extends AppShare {
  readonly pictures: readonly TablePicture[];
  readonly shape: Fingerprint;
  /**
   * Has what the application cannot be without, and no table of another shape stands where one of its own should be; false
   * for a few left-over tables.
   */
  readonly isWhole: boolean;
}

/** A row of a schema's `alembic_version`. */
export interface VersionRow {
  readonly id: string;
  /** Applications that have a revision of this id; there are ids that several have. */
  readonly knownTo: readonly OwnerId[];
  /** Whose it is by id and shape; undefined: nobody's known, or that of one of several. */
  readonly of: OwnerId | undefined;
}

/** One schema: what shares an `alembic_version`. */
export interface Compartment {
  readonly schema: string;
  readonly shares: readonly Share[];
  readonly strangers: readonly TablePicture[];
  readonly others: readonly TelltaleApp[];
  /** `alembic_version` itself; undefined: there is none. */
  readonly versionTable: VersionTable | undefined;
  readonly rows: readonly VersionRow[];
  /** Names of all version tables. */
  readonly versionTables: readonly string[];
}

/** Tables without which a set of others is only left over. */
const CORE: Readonly<Record<OwnerId, readonly string[]>> = {
  airflow: ["dag", "dag_run", "task_instance"],
  mlflow: ["experiments", "runs"],
  "mlflow-auth": ["users", "experiment_permissions"],
};

/** Reads every schema that holds tables. */
export function readCompartments(
  { tables, versionTables }: Pick<DatabasePicture, "tables" | "versionTables">,
  installed: InstalledHistories,
): readonly Compartment[] {
  const schemas = [...new Set(tables.map(({ schema }) => schema))].toSorted();
  return schemas.map((schema) => {
    const inSchema = ({ schema: of }: { readonly schema: string }) => of === schema;
    return readCompartment(schema, tables.filter(inSchema), versionTables.filter(inSchema), installed);
  });
}

function readCompartment(
  schema: string,
  tables: readonly TablePicture[],
  versionTables: readonly VersionTable[],
  installed: InstalledHistories,
): Compartment {
  const { owned, strangers, others } = findOwners(tables);
  const shapes = new Map(
    [...owned].map(([owner, own]) => [owner, fingerprintRevision(knownRevisions[owner]().history, own)] as const),
  );
  const versionTable = versionTables.find(({ name }) => name === "alembic_version");
  const rowsOf = (name: string) =>
    (versionTables.find((table) => table.name === name)?.rows ?? []).map((id) => rowFrom(id, shapes, installed));
  const rows = rowsOf("alembic_version");
  const shares = [...owned].map(([owner, pictures]): Share => {
    const own = owner === "mlflow-auth" && versionTables.some(({ name }) => name === "alembic_version_auth");
    const versionTableName = own ? "alembic_version_auth" : "alembic_version";
    const shape = shapes.get(owner) ?? fingerprintRevision(knownRevisions[owner]().history, pictures);
    const names = new Set(pictures.map(({ name }) => name));
    const recorded = rowsOf(versionTableName).flatMap(({ id, of }) => (of === owner ? [id] : []));
    // A row that only an index or a constraint speaks against is taken at its word.
    const byRow = recorded.filter((id) => shape.couldBe.includes(id) && id !== shape.revision);
    return {
      owner,
      schema,
      tables: pictures.map(({ name }) => ({ schema, name })),
      isSkeleton: owner === "mlflow" && pictures.every((table) => mayBeSkeleton(table) && table.rows === 0),
      revision: {
        versionTable: versionTableName,
        recorded,
        fingerprint: shape.revision,
        alsoFits: [...new Set([...shape.alsoFits, ...byRow])],
        outOfOrder: shape.outOfOrder,
        release: releaseOf(owner, [...(recorded.length === 1 ? byRow : []), shape.revision, ...shape.alsoFits]),
      },
      pictures,
      shape,
      isWhole: CORE[owner].every((name) => names.has(name)) && !strangers.some((one) => isDue(one.name, owner, shape)),
    };
  });
  return {
    schema,
    shares,
    strangers,
    others,
    versionTable,
    rows,
    versionTables: versionTables.map(({ name }) => name),
  };
}

/** Whether an application has a table of this name at the revision of its others. */
function isDue(table: string, owner: OwnerId, { revision }: Fingerprint): boolean {
  const { ofTable, revisions } = knownRevisions[owner]().history;
  const fact = ofTable.get(table)?.find(({ kind }) => kind === "table");
  return fact !== undefined && revision !== undefined && holdsAt(fact, revisions.indexOf(revision));
}

function rowFrom(id: string, shapes: ReadonlyMap<OwnerId, Fingerprint>, installed: InstalledHistories): VersionRow {
  const owners = Object.keys(CORE) as readonly OwnerId[];
  const knownTo = owners.filter(
    (owner) =>
      knownRevisions[owner]().history.revisions.includes(id) || installed[owner]?.revisions.includes(id) === true,
  );
  if (knownTo.length < 2) return { id, knownTo, of: knownTo[0] };
  const present = knownTo.filter((owner) => shapes.has(owner));
  const fitting = present.filter((owner) => {
    const shape = shapes.get(owner);
    return shape?.revision === id || shape?.alsoFits.includes(id) === true;
  });
  return { id, knownTo, of: fitting.length === 1 ? fitting[0] : present.length === 1 ? present[0] : undefined };
}

/** The releases of the first revision that is one's head, with those that look the same. */
function releaseOf(owner: OwnerId, ids: readonly (string | undefined)[]): string | undefined {
  const known = knownRevisions[owner]();
  const all = ids.flatMap((id) => (id === undefined ? [] : (known.releasesAt(id) ?? [])));
  return all.length === 0 ? undefined : [...new Set(all)].join(", ");
}
