import type { ServiceState } from "./event.ts";

/** One service as `ps`, `up`, `stop` and `restart` tell it. Absent facts are null, so that JSON always has every key. */
export interface ServiceRow {
  readonly name: string;
  /** Catalog name, e.g. `airflow`; null for images the catalog does not know. */
  readonly product: string | null;
  /** Part of the product, e.g. `scheduler`. */
  readonly component: string | null;
  readonly state: ServiceState;
  /** `healthy`, `unhealthy` or `unknown`; null without a check. */
  readonly health: string | null;
  readonly pid: number | null;
  /** 0-255 as a shell tells it; null while it runs or when nobody could learn it. */
  readonly exitCode: number | null;
  /** `127.0.0.1:8080->8080/tcp`, as `docker compose ps` writes them. */
  readonly ports: readonly string[];
  readonly restarts: number;
  /** What a waiting service waits for, e.g. `postgres (healthy)`. */
  readonly waitingFor: string | null;
}

/** How to open one user interface or database. Never holds the password itself. */
export interface AccessRow {
  readonly service: string;
  readonly kind: "ui" | "database";
  /** `http://localhost:8080`, or `localhost:5433/airflow` for a database. */
  readonly url: string;
  readonly user: string | null;
  /** Where the password stands, e.g. `AIRFLOW_ADMIN_PASSWORD in .env`. */
  readonly passwordIn: string | null;
  /** A pasteable command that opens it, e.g. `bulkhead exec postgres psql -U airflow`. */
  readonly open: string | null;
}

/** One step of a proof. */
export interface ProofStep {
  /** Names the step in words, e.g. `airflow: DAG run success`. */
  readonly id: string;
  /** Null: could not be judged; `evidence` says why. */
  readonly ok: boolean | null;
  readonly seconds: number;
  /** What was seen, one line or several. */
  readonly evidence: string;
}
