import { certainIn } from "../../certain-in.ts";
import { defineSignature } from "../../signature.ts";

export const upgradeOfEmptyDatabase = defineSignature({
  id: "upgrade-of-empty-database",
  group: "alembic",
  kind: "fault",
  confidence: "likely",
  judge: certainIn("mlflow"),
  marks: ['relation "metrics" does not exist', "no such table: metrics"],
  patterns: [/relation "metrics" does not exist/, /no such table: metrics/],
  what: "{service|MLflow} runs `mlflow db upgrade` on an empty database",
  why: "Before 3.14 that command upgrades an MLflow database and cannot make one. The server makes the tables itself when it starts on an empty database.",
  cure: [
    {
      say: "Leave the upgrade out of the first start: the server fills an empty database",
      run: "bulkhead check --fix=behaviour --rule mlflow-upgrade-on-empty-database",
    },
    { say: "Then start again", run: "bulkhead up" },
  ],
  part: "database",
  sources: ["https://github.com/mlflow/mlflow/issues/23751"],
  examples: [
    "mlflow-1 | sqlalchemy.exc.OperationalError: (sqlite3.OperationalError) no such table: metrics",
    'mlflow-1 | sqlalchemy.exc.ProgrammingError: (psycopg2.errors.UndefinedTable) relation "metrics" does not exist',
    'postgres-1 | 2026-11-23 06:37:58.902 UTC [53] ERROR:  relation "metrics" does not exist',
  ],
  lookalikes: ['mlflow-1 | psycopg2.errors.UndefinedTable: relation "metrics_old" does not exist'],
});
