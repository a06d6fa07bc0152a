import type { ProductId } from "./product.ts";

/** One thing a migration does to a table on PostgreSQL, as its script's text tells. */
export type SchemaChange =
  | { readonly kind: "create-table"; readonly table: string; readonly columns: readonly string[] }
  | { readonly kind: "drop-table"; readonly table: string }
  | { readonly kind: "rename-table"; readonly table: string; readonly to: string }
  | { readonly kind: "add-column" | "drop-column"; readonly table: string; readonly column: string }
  | { readonly kind: "rename-column"; readonly table: string; readonly column: string; readonly to: string }
  | {
      readonly kind: "alter-column";
      readonly table: string;
      readonly column: string;
      /** The new type as the script writes it, e.g. `String(8000)`; undefined when it stays or is not told. */
      readonly type: string | undefined;
      readonly nullable: boolean | undefined;
    };

/** An Alembic revision as one or more releases carry it; another release may carry the same id with other changes. */
export interface Revision {
  readonly id: string;
  /** Ids of the revisions it follows; none for the base, several for a merge. */
  readonly parents: readonly string[];
  /** First line of the script's docstring, without backquotes. */
  readonly title: string;
  readonly changes: readonly SchemaChange[];
  /** True when the script decides at run time, so that `changes` may lack some or hold some that do not happen. */
  readonly partly: boolean;
}

/** A released version of a product, from its wheels. */
export interface Release {
  readonly version: string;
  /** Day of upload, ISO (`2023-08-18`). */
  readonly releasedOn: string;
  /** Python minors, oldest first (`["3.8", "3.9"]`). */
  readonly supportedPython: readonly string[];
  /** Ids no other revision of this release follows: one, unless the release was cut between a fork and its merge. */
  readonly alembicHeads: readonly string[];
  /** Revisions of the table `alembic_version`, parents before children. */
  readonly revisions: readonly Revision[];
  /** Revisions of MLflow's basic-auth app, a history of its own; empty where the release has none. */
  readonly authRevisions: readonly Revision[];
}

/** All known releases of a product. Nothing is parsed before the first question. */
export interface ReleaseTable {
  readonly product: ProductId;
  /** Oldest first, at least one. Pre-releases and withdrawn releases are left out. */
  readonly versions: readonly string[];
  release(version: string): Release | undefined;
}

type ChangeRow = [kind: SchemaChange["kind"], table: string, first?: string, second?: string | AlterRow];
type AlterRow = { type?: string; nullable?: boolean };
type RevisionRow = [id: string, parents: string, title: string, changes: ChangeRow[], partly: 0 | 1];
type ReleaseRow = [version: string, releasedOn: string, pythons: string, main: number, auth?: number];

interface Written {
  readonly revisions: readonly RevisionRow[];
  readonly chains: readonly (readonly number[])[];
  readonly releases: readonly ReleaseRow[];
}

/** Reads the text of a `versions.gen.ts` (its form: scripts/versions/encode-releases.mjs). */
export function releaseTable(product: ProductId, text: string): ReleaseTable {
  let parsed: Written | undefined;
  const known = new Map<string, Release>();
  const written = (): Written => (parsed ??= JSON.parse(text) as Written);
  const rowsOf = (chain: number | undefined): readonly RevisionRow[] => {
    const runs = chain === undefined ? [] : (written().chains[chain] ?? []);
    return runs.flatMap((from, at) =>
      at % 2 === 0 ? written().revisions.slice(from, (runs[at + 1] ?? from) + 1) : [],
    );
  };
  // Releases share their chains.
  const heads = new Map<number, readonly string[]>();
  const headsAt = (chain: number): readonly string[] => {
    const found = heads.get(chain) ?? headsOf(rowsOf(chain));
    heads.set(chain, found);
    return found;
  };
  return {
    product,
    get versions() {
      return written().releases.map(([version]) => version);
    },
    release(wanted) {
      const row = written().releases.find(([version]) => version === wanted);
      if (row === undefined) return undefined;
      const [version, releasedOn, pythons, main, auth] = row;
      const release = known.get(version) ?? {
        version,
        releasedOn,
        supportedPython: words(pythons),
        get alembicHeads() {
          return headsAt(main);
        },
        // Hundreds of them, which few ask for.
        get revisions() {
          return rowsOf(main).map(revisionFrom);
        },
        get authRevisions() {
          return rowsOf(auth).map(revisionFrom);
        },
      };
      known.set(version, release);
      return release;
    },
  };
}

function headsOf(revisions: readonly RevisionRow[]): string[] {
  const followed = new Set(revisions.flatMap(([, parents]) => words(parents)));
  return revisions.map(([id]) => id).filter((id) => !followed.has(id));
}

function revisionFrom([id, parents, title, changes, partly]: RevisionRow): Revision {
  return { id, parents: words(parents), title, changes: changes.map(changeFrom), partly: partly === 1 };
}

function changeFrom([kind, table, first = "", second = ""]: ChangeRow): SchemaChange {
  switch (kind) {
    case "create-table":
      return { kind, table, columns: words(first) };
    case "drop-table":
      return { kind, table };
    case "rename-table":
      return { kind, table, to: first };
    case "add-column":
    case "drop-column":
      return { kind, table, column: first };
    case "rename-column":
      return { kind, table, column: first, to: typeof second === "string" ? second : "" };
    case "alter-column": {
      const { type, nullable } = typeof second === "string" ? {} : second;
      return { kind, table, column: first, type, nullable };
    }
  }
}

function words(text: string): string[] {
  return text === "" ? [] : text.split(" ");
}
