import { releaseTable } from "../release-table.ts";
import { mlflowVersionsText } from "./versions.gen.ts";

/** MLflow's releases from 1.20.0 on. */
export const mlflowReleases = releaseTable("mlflow", mlflowVersionsText);
