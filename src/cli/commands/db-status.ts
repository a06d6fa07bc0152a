import { defineCommand } from "../define-command.ts";

export const command = defineCommand({
  name: "db status",
  order: 51,
  summary: "Tell whose tables and revisions are in which database, and what is wrong there",
  description:
    "Reads every database of the project's PostgreSQL servers, or of any server by --url: version rows, whose each table is by its name and columns, which revision the tables really are at, owners, sizes, sessions, and what belongs to nobody. Says which of the states of docs/database-states.md a database is in, why, what the application would print, and what to do. Changes nothing; a server that does not run is not started.",
  examples: [
    { line: "bulkhead db status", says: "every database of this project" },
    { line: "bulkhead db status postgres/airflow --exact", says: "one, with every row counted" },
    { line: "bulkhead db status --url postgresql://me@db.example/shared", says: "on a server of no project" },
  ],
  positionals: [
    {
      name: "SERVER/DATABASE",
      required: false,
      repeatable: false,
      description: "A server or one of its databases; with --url a database; all when left out",
    },
  ],
  flags: {
    url: { long: "url", type: "string", value: "URL", description: "A server that is in no project" },
    exact: { long: "exact", type: "boolean", description: "Count every row instead of taking PostgreSQL's estimate" },
  },
  async run({ action, project, look, output }, { flags, positionals }) {
    const { dbStatus } = await import("../../actions/db-status.ts");
    const result = await dbStatus(action, project, { subject: positionals[0], url: flags.url, exact: flags.exact });
    const outcome = { exitCode: result.exitCode, errors: result.failures };
    if (output !== "text") {
      const { dbStatusJson } = await import("../render/db-status-json.ts");
      return { ...outcome, payload: dbStatusJson(result) };
    }
    const { renderDbStatus } = await import("../render/render-db-status.ts");
    return { ...outcome, payload: {}, text: renderDbStatus(result, look) };
  },
});
