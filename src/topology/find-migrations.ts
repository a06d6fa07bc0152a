import { mlflowOperation } from "../catalog/mlflow/operation.ts";
import type { ServiceView } from "./service-view.ts";
import type { App, Connection, Invocation, Migration } from "./topology.ts";

const entrypointVariables = ["_AIRFLOW_DB_MIGRATE", "_AIRFLOW_DB_UPGRADE"];

/** How a service creates or upgrades tables when it starts. */
export function findMigrations(
  view: ServiceView,
  apps: readonly App[],
  connections: readonly Connection[],
): readonly Migration[] {
  const own = connections.filter((one) => one.service === view.name);
  const found: Migration[] = [];
  const add = (
    product: Migration["product"],
    by: Migration["by"],
    invocation: Invocation | undefined,
    initialisesEmpty: boolean,
  ): void => {
    const app = apps.find((one) => one.product === product && one.services.includes(view.name))?.id;
    const candidates = own.filter((one) => one.app === app);
    const named = candidates.find(
      (one) => one.via === "command" && invocation?.words.some((word) => word.text === one.text.text),
    );
    const connection = named ?? candidates.find((one) => one.role === "metadata");
    found.push({ service: view.name, app, product, by, invocation, connection, initialisesEmpty });
  };
  if (usesEntrypoint(view) && entrypointVariables.some((name) => (view.role.environment[name] ?? "") !== ""))
    add("airflow", "variable", undefined, true);
  for (const invocation of view.command.invocations) {
    const { product, component, subcommand } = invocation;
    if (product === "airflow" && (component?.id === "migration" || component?.id === "db-reset"))
      add("airflow", "command", invocation, true);
    else if (product === "airflow" && component?.id === "standalone") add("airflow", "server-start", invocation, true);
    else if (product === "mlflow" && subcommand[0] === "db" && subcommand[1] === "upgrade") {
      const initialises = mlflowOperation(view.role.version ?? "").migratesEmptyDatabase;
      add("mlflow", "command", invocation, invocation.program !== "mlflow" || initialises);
    } else if (product === "mlflow" && component?.id === "server") add("mlflow", "server-start", invocation, true);
  }
  return found;
}

/** The image's entry point acts on its variables, unless something replaces it and does not hand over to it. */
function usesEntrypoint({ role, service, command }: ServiceView): boolean {
  if (role.base?.product !== "airflow") return false;
  return (service.entrypoint ?? role.dockerfile?.entrypoint) == null || command.entersImage;
}
