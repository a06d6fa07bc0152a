import { mlflowServers } from "../mlflow-servers.ts";
import { placeLabels } from "../label-place.ts";
import { defineRule } from "../rule.ts";

/** One writer at a time: fine for one person, not for parallel tasks. Model registry and search want a database. */
export const mlflowSqliteStore = defineRule({
  id: "mlflow-sqlite-store",
  group: "mlflow",
  severity: "info",
  fix: undefined,
  summary: "An MLflow server that keeps its runs in a sqlite file or in files",
  hiddenBy: ["command-cut-by-newline", "mlflow-state-not-persisted"],
  *check({ topology, project }) {
    for (const { service } of mlflowServers({ topology })) {
      const store = topology.connections.find((one) => one.service === service && one.role === "metadata");
      if (store === undefined || store.state.kind === "unknown") continue;
      if (store.dialect !== "sqlite" && store.dialect !== "file") continue;
      const labels = placeLabels(project);
      const isSqlite = store.dialect === "sqlite";
      const [beside] = topology.servers;
      yield {
        message: `\`${service}\` keeps its runs in ${isSqlite ? "a sqlite file" : "files"}${store.via === "default" ? ", MLflow's default" : ""}`,
        labels: [
          labels.slice(store.text, 0, store.text.text.length, isSqlite ? "one writer at a time" : "no database") ??
            labels.service(service, "is told no database"),
          ...(beside === undefined ? [] : [labels.service(beside.service, "a PostgreSQL server of this project")]),
        ],
        services: [service],
        evidence: [service, store.dialect],
        ...(isSqlite ? { consequence: "sqlite3.OperationalError: database is locked" } : {}),
        about: [`connection ${service} metadata`, `command ${service}`],
      };
    }
  },
});
