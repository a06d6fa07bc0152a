import { schemaHistory, type SchemaHistory } from "../schema-history.ts";
import { airflowHistoryText } from "./history.gen.ts";

let read: SchemaHistory | undefined;

/** Airflow's own history, from 1.8 on; the FAB provider's tables are told as Airflow 2 had them. */
export function airflowHistory(): SchemaHistory {
  return (read ??= schemaHistory(airflowHistoryText));
}
