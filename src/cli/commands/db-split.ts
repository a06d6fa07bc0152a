import { defineCommand } from "../define-command.ts";

export const command = defineCommand({
  name: "db split",
  order: 52,
  summary: "Separate applications that share a database, without losing a row",
  description:
    "Copies the database once for each application, removes from each copy what is another's, sets its revision, compares every row with the original, and only then gives the copies their names. The original is kept, renamed, until --finish; --undo goes back to it. Whatever ends the command, --resume carries it on.",
  examples: [
    { line: "bulkhead db split --dry-run", says: "what would be done, and nothing else" },
    { line: "bulkhead db split", says: "the database that is shared" },
    { line: "bulkhead db split --url postgresql://me@db.example/shared", says: "no project" },
    { line: "bulkhead db split --undo", says: "back to the original" },
    { line: "bulkhead db split --finish", says: "remove the original that was kept" },
  ],
  onInterrupt: "Putting back what was changed. Ctrl-C again leaves at once; --resume or --undo goes on from there.",
  positionals: [
    {
      name: "SERVER/DATABASE",
      required: false,
      repeatable: false,
      description: "Which one; the only one that is shared when left out",
    },
  ],
  flags: {
    url: {
      long: "url",
      type: "string",
      value: "URL",
      description: "A server that is in no project; no file is edited",
    },
    app: {
      long: "app",
      type: "choice",
      choices: ["airflow", "mlflow", "mlflow-auth"],
      description: "The application that leaves the database (default: the one it is not named after)",
    },
    toServer: {
      long: "to-server",
      type: "string",
      value: "SERVICE",
      description: "The PostgreSQL service it goes to: a new one (default in a project), or one that is there",
    },
    sameServer: { long: "same-server", type: "boolean", description: "Give it a database on the same server" },
    name: { long: "name", type: "string", value: "DATABASE", description: "With --url: what its database is called" },
    role: {
      long: "role",
      type: "string",
      value: "ROLE",
      description: "With --url: the role that gets its tables; made, without a password, when missing",
    },
    dryRun: { long: "dry-run", type: "boolean", description: "Print the plan and change nothing" },
    backup: { long: "backup", type: "boolean", description: "Dump the original too (for another server always)" },
    terminate: { long: "terminate", type: "boolean", description: "End the sessions of others in the database" },
    resume: { long: "resume", type: "boolean", description: "Carry on a split that was left open" },
    undo: { long: "undo", type: "boolean", description: "Go back to the original" },
    finish: { long: "finish", type: "boolean", description: "Remove the original of a split that is done" },
    yes: { long: "yes", short: "y", type: "boolean", description: "Go back although applications wrote since" },
  },
  async run(context, { flags, positionals }) {
    const { usageError } = await import("../usage-error.ts");
    const verbs = (["resume", "undo", "finish"] as const).filter((verb) => flags[verb]);
    if (verbs.length > 1) throw usageError(`--${verbs.join(" and --")} exclude each other.`, { command: "db split" });
    if (flags.sameServer && flags.toServer !== undefined) {
      throw usageError("--same-server and --to-server exclude each other.", { command: "db split" });
    }
    if (flags.url !== undefined && flags.toServer !== undefined) {
      throw usageError("--to-server names a service of a project: with --url there is none.", { command: "db split" });
    }
    const { dbSplit } = await import("../../actions/db-split.ts");
    const { renderSplit, renderSplitPlan } = await import("../render/render-split.ts");
    const result = await dbSplit(context.action, context.project, {
      subject: positionals[0],
      url: flags.url,
      app: flags.app,
      toServer: flags.toServer,
      sameServer: flags.sameServer,
      name: flags.name,
      role: flags.role,
      verb: verbs[0] ?? "split",
      dryRun: flags.dryRun,
      terminate: flags.terminate,
      backup: flags.backup,
      announce: (planned) => context.print(`${renderSplitPlan(planned, context.look)}\n\n`),
      confirm: async (question) => flags.yes || (context.interactive && (await context.confirm(question))),
    });
    const { splitJson } = await import("../render/split-json.ts");
    return { exitCode: 0, payload: splitJson(result), text: renderSplit(result, context.look) };
  },
});
