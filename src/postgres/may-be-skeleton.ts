import { initialMlflowTables } from "../catalog/mlflow/initial-tables.ts";
import type { TablePicture } from "./database-picture.ts";

/**
 * Whether a table is one of the five that MLflow makes before its first revision, of the shape it makes them with: what a
 * start leaves behind that failed on a foreign revision.
 */
export function mayBeSkeleton({ name, columns }: Pick<TablePicture, "name" | "columns">): boolean {
  const initial = initialMlflowTables.get(name);
  return (
    initial !== undefined &&
    initial.length === columns.length &&
    columns.every((column) => initial.includes(column.name))
  );
}
