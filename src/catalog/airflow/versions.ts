import { releaseTable } from "../release-table.ts";
import { airflowVersionsText } from "./versions.gen.ts";

/** Airflow's releases from 2.3.0 on. From 3.0 the scripts come from the package apache-airflow-core. */
export const airflowReleases = releaseTable("airflow", airflowVersionsText);
