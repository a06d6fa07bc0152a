import type { ProductId } from "../catalog/product.ts";
import type { ReleaseTable } from "../catalog/release-table.ts";

/** Who has an Alembic revision: a product's own history, or that of MLflow's basic-auth app. */
export interface RevisionOwner {
  readonly product: ProductId;
  readonly history: "main" | "auth";
  /** The first release that carries it, and the last; releases between carry it too. */
  readonly first: string;
  readonly last: string;
  /** The releases whose newest revision it is; none for one in the middle of a history. */
  readonly headOf: readonly string[];
}

/**
 * Whose revision an id is, from the released wheels. One id may have several owners: Airflow and MLflow both have
 * `a1b2c3d4e5f6`.
 */
export function revisionOwners(tables: readonly ReleaseTable[], id: string): readonly RevisionOwner[] {
  return tables.flatMap((table) =>
    (["main", "auth"] as const).flatMap((history) => {
      const key = history === "main" ? "revisions" : "authRevisions";
      const releases = table.versions.flatMap((version) => table.release(version) ?? []);
      const carrying = releases.filter((release) => release[key].some((revision) => revision.id === id));
      const [first, last] = [carrying[0], carrying.at(-1)];
      if (first === undefined || last === undefined) return [];
      const headOf = history === "main" ? releases.filter((one) => one.alembicHeads.includes(id)) : [];
      return [
        {
          product: table.product,
          history,
          first: first.version,
          last: last.version,
          headOf: headOf.map((one) => one.version),
        },
      ];
    }),
  );
}
