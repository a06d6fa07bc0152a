import { defineCommand } from "../define-command.ts";

export const command = defineCommand({
  name: "exec",
  order: 60,
  summary: "Run a program in a running service's environment",
  description:
    "Runs a program with a service's own environment, working directory and names, and ends with its exit code. Everything after SERVICE belongs to the program. With --json its output comes first and the object is the last line.",
  examples: [
    { line: "bulkhead exec airflow-scheduler airflow dags list", says: "Airflow's own command" },
    { line: "bulkhead exec -e DEBUG=1 mlflow python -m pip list", says: "with a variable more" },
  ],
  positionals: [
    { name: "SERVICE", required: true, repeatable: false, description: "A running service" },
    { name: "COMMAND", required: true, repeatable: true, description: "The program and its arguments" },
  ],
  passthrough: true,
  leavesInterrupts: true,
  flags: {
    noTty: { long: "no-tty", short: "T", type: "boolean", description: "Do not use this terminal" },
    env: {
      long: "env",
      short: "e",
      type: "strings",
      value: "KEY=VALUE",
      description: "Set a variable; KEY alone takes this shell's value; may be repeated",
    },
    workdir: {
      long: "workdir",
      short: "w",
      type: "string",
      value: "DIR",
      description: "Directory to run in, as the service sees it",
    },
    user: { long: "user", short: "u", type: "string", value: "USER", description: "Account to run as" },
    interactive: { long: "interactive", short: "i", type: "boolean", description: "Accepted as in Docker Compose" },
    tty: {
      long: "tty",
      short: "t",
      type: "boolean",
      description: "Accepted as in Docker Compose: a terminal is used where there is one",
    },
  },
  async run({ action, project, interactive }, { flags, positionals: [service = "", ...argv] }) {
    const { exec } = await import("../../actions/exec.ts");
    const exitCode = await exec(action, project, {
      service,
      argv,
      env: flags.env,
      tty: interactive && !flags.noTty,
      ...(flags.workdir === undefined ? {} : { workdir: flags.workdir }),
      ...(flags.user === undefined ? {} : { user: flags.user }),
    });
    return { exitCode, payload: {} };
  },
});
