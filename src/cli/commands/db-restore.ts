import { defineCommand } from "../define-command.ts";

export const command = defineCommand({
  name: "db restore",
  order: 55,
  summary: "Bring databases back from a backup, keeping the present ones",
  description:
    "Restores each database beside the present one, compares every table with the backup, and only then gives it its name. What had the name is kept under another one. The applications that use it have to be stopped; PostgreSQL is started for it where it does not run.",
  examples: [
    { line: "bulkhead db restore backup.tar", says: "everything in the file" },
    { line: "bulkhead db restore backup.tar mlflow", says: "MLflow's database only" },
    { line: "bulkhead db restore backup.tar --url postgresql://me@db.example", says: "to a server of no project" },
  ],
  onInterrupt:
    "Dropping what was restored so far; the present databases are as they were. Ctrl-C again leaves at once.",
  positionals: [
    { name: "FILE", required: true, repeatable: false, description: "What db backup or down -v wrote" },
    {
      name: "APP",
      required: false,
      repeatable: true,
      description: "Applications (airflow, mlflow) or databases; all when left out",
    },
  ],
  flags: {
    url: { long: "url", type: "string", value: "URL", description: "A server that is in no project" },
  },
  async run({ action, project, look }, { flags, positionals }) {
    const [file = "", ...apps] = positionals;
    const { dbRestore } = await import("../../actions/db-restore.ts");
    const result = await dbRestore(action, project, { file, url: flags.url, apps });
    const { restoreJson } = await import("../render/restore-json.ts");
    const { renderRestore } = await import("../render/render-restore.ts");
    return { exitCode: 0, payload: restoreJson(result), text: renderRestore(result, look) };
  },
});
