import { defineCommand } from "../define-command.ts";

export const command = defineCommand({
  name: "db backup",
  order: 54,
  summary: "Write the databases into one verified file",
  description:
    "Dumps every database of the project's PostgreSQL services, or of any server by --url, each consistent in itself, while the applications run or not: a service that does not run is started for it and stopped again. The file holds a SHA-256 of each of its parts, and the rows and a checksum of every table. It holds no password.",
  examples: [
    { line: "bulkhead db backup", says: "all databases, among the project's backups" },
    { line: "bulkhead db backup mlflow --out /backups", says: "MLflow's, into a directory" },
    { line: "bulkhead db backup --url postgresql://me@host", says: "those of a server of no project" },
    { line: "bulkhead db backup --verify", says: "restore each beside the original and compare" },
  ],
  onInterrupt: "Removing what was written. Ctrl-C again leaves at once.",
  positionals: [
    {
      name: "APP",
      required: false,
      repeatable: true,
      description: "Applications (airflow, mlflow) or databases; all when left out",
    },
  ],
  flags: {
    url: { long: "url", type: "string", value: "URL", description: "A server that is in no project" },
    out: {
      long: "out",
      short: "o",
      type: "string",
      value: "FILE",
      description: "The file to write, or a directory for it",
    },
    verify: {
      long: "verify",
      type: "boolean",
      description: "Restore each dump into a database of its own and compare",
    },
  },
  async run({ action, project, look }, { flags, positionals }) {
    const { dbBackup } = await import("../../actions/db-backup.ts");
    const { url, out, verify } = flags;
    const backup = await dbBackup(action, project, { url, out, apps: positionals, verify });
    const { backupJson } = await import("../render/backup-json.ts");
    const { renderBackup } = await import("../render/render-backup.ts");
    return { exitCode: 0, payload: backupJson(backup, verify), text: renderBackup(backup, look) };
  },
});
