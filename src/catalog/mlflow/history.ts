import { schemaHistory, type SchemaHistory } from "../schema-history.ts";
import { mlflowAuthHistoryText } from "./auth-history.gen.ts";
import { mlflowHistoryText } from "./history.gen.ts";

let tracking: SchemaHistory | undefined;
let auth: SchemaHistory | undefined;

/** The history of MLflow's tracking and registry tables, from 1.0 on. */
export function mlflowHistory(): SchemaHistory {
  return (tracking ??= schemaHistory(mlflowHistoryText));
}

/** The history of MLflow's basic-auth app, from 2.5 on. */
export function mlflowAuthHistory(): SchemaHistory {
  return (auth ??= schemaHistory(mlflowAuthHistoryText));
}
