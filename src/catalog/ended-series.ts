import type { ProductId } from "./product.ts";

/** A series of releases that gets no fixes from a day on, `YYYY-MM-DD`. */
export interface EndedSeries {
  readonly product: ProductId;
  /** The versions that begin so: `2.` or `3.0.`. */
  readonly series: string;
  readonly on: string;
}

/** Source: airflow.apache.org, "Version Life Cycle"; read through endoflife.date in November 2026. MLflow has no such days. */
export const endedSeries: readonly EndedSeries[] = [
  { product: "airflow", series: "1.", on: "2021-06-17" },
  { product: "airflow", series: "2.", on: "2026-04-22" },
  { product: "airflow", series: "3.0.", on: "2025-09-25" },
  { product: "airflow", series: "3.1.", on: "2026-04-07" },
  { product: "airflow", series: "3.2.", on: "2026-07-06" },
];
