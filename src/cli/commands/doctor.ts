import { defineCommand } from "../define-command.ts";

export const command = defineCommand({
  name: "doctor",
  order: 101,
  summary: "Look at this machine and the running stack, and tell what cures what is wrong",
  description:
    "One line a check: ok, warn, FAIL, or ? where it cannot be told, with the commands that cure it. The machine: engine and rights to it, Python, memory, disk, open files, shared memory, published ports, who owns the folders of Airflow. The stack: services, each connection as its application's own role, passwords of the file against those of the volume, migration state against what is installed, keys that all components share, heartbeats, DAG files, MLflow's allowed hosts and artifact store, sessions, write-ahead log and logs. All at once, each within its own time, and on a stack of which only a part runs, too. Starts nothing and changes nothing. --fix does what is safe: it gives a role the password that the file holds (ALTER ROLE), lets a role create tables in its schema, makes that schema, makes missing folders of Airflow, and gives its log folders to the account that writes them. It deletes nothing, makes no database or role, and restarts nothing. Exit code 1: something fails.",
  examples: [
    { line: "bulkhead doctor", says: "the machine, and this project's stack" },
    { line: "bulkhead doctor --fix", says: "do what is safe, then look again" },
    { line: "bulkhead doctor --json", says: "the same for programs" },
  ],
  positionals: [],
  flags: {
    fix: { long: "fix", type: "boolean", description: "Do what is safe of the cures, and look again" },
  },
  async run({ action, project, look, output }, { flags }) {
    const { doctor } = await import("../../actions/doctor.ts");
    const result = await doctor(action, { ...project, fix: flags.fix });
    const { exitCode } = result;
    if (output !== "text") {
      const { doctorJson } = await import("../render/doctor-json.ts");
      return { exitCode, payload: doctorJson(result) };
    }
    const { renderDoctor } = await import("../render/render-doctor.ts");
    return { exitCode, payload: {}, text: renderDoctor(result, look) };
  },
});
