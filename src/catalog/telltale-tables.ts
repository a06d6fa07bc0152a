/** An application known by names of its tables, not by its history. */
export interface TelltaleApp {
  readonly name: string;
  /** Two of these, or all where there is one, are proof enough. */
  readonly tables: readonly string[];
  /** Whether it keeps an Alembic history in `alembic_version`. */
  readonly usesAlembic: boolean;
}

/** Sources: the applications' own migrations and models, as of November 2026. */
export const telltaleApps: readonly TelltaleApp[] = [
  { name: "Superset", tables: ["slices", "dashboards", "dbs"], usesAlembic: true },
  { name: "Prefect", tables: ["flow_run", "work_pool", "block_document"], usesAlembic: true },
  { name: "Dagster", tables: ["event_logs", "daemon_heartbeats", "secondary_indexes", "kvs"], usesAlembic: true },
  { name: "Optuna", tables: ["studies", "trials", "trial_params", "version_info"], usesAlembic: true },
  { name: "JupyterHub", tables: ["spawners", "oauth_clients", "api_tokens"], usesAlembic: true },
  { name: "Langflow", tables: ["flow", "vertex_build"], usesAlembic: true },
  { name: "Label Studio", tables: ["django_migrations", "htx_user"], usesAlembic: false },
  { name: "a Prisma application such as Langfuse", tables: ["_prisma_migrations"], usesAlembic: false },
];
