import type { ProductId } from "./product.ts";

/** What an application's database holds right after migration, before anybody used it. */
export interface FreshDatabase {
  /** Tables whose rows migration itself writes, each with the SQL condition that such a row meets. */
  readonly kept: Readonly<Record<string, string>>;
  /** Tables that fill when the application, its command line or its first start is used; empty after migration. */
  readonly used: RegExp;
}

/**
 * Sources: `upgradedb` and `initdb` in airflow/utils/db.py (2.3 to 3.3: default pool, log templates), MLflow's
 * migrations (3.10: the default workspace) and `SqlAlchemyStore` (its first start stores experiment 0 with the project's
 * artifact root); seen in databases of Airflow 2.7.0, 2.10.5, 3.0.6, 3.1.8 and 3.3.2, MLflow 2.7.1, 3.14.0 and 3.17.2.
 */
export const freshDatabases: Readonly<Record<Exclude<ProductId, "postgres">, FreshDatabase>> = {
  airflow: {
    kept: {
      alembic_version: "true",
      alembic_version_fab: "true",
      log_template: "true",
      slot_pool: "pool = 'default_pool' and description = 'Default pool'",
    },
    used: /^(ab_\w+|connection|variable|log|job|session|serialized_dag|dag|dag_(code|run|tag|version|warning))$/,
  },
  mlflow: {
    kept: { alembic_version: "true", workspaces: "name = 'default'" },
    used: /^experiments$/,
  },
};
