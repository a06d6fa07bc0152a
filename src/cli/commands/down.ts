import { defineCommand } from "../define-command.ts";
import { stopTimeoutFlag } from "../stop-timeout-flag.ts";

export const command = defineCommand({
  name: "down",
  order: 90,
  summary: "Stop all services; volumes and logs stay",
  description:
    "Stops every service of the project and forgets them. Volumes and logs are kept. With -v they are removed too, after a backup of all databases.",
  examples: [
    { line: "bulkhead down", says: "stop; data stays" },
    { line: "bulkhead down -v", says: "remove the data too, after a backup" },
  ],
  onInterrupt: "Ctrl-C again leaves at once; services that are stopping go on stopping.",
  positionals: [],
  flags: {
    volumes: {
      long: "volumes",
      short: "v",
      type: "boolean",
      description: "Remove volumes and logs, after a backup of all databases",
    },
    noBackup: { long: "no-backup", type: "boolean", description: "With -v: no backup first" },
    timeout: stopTimeoutFlag,
  },
  async run({ action, project }, { flags }) {
    const { down } = await import("../../actions/down.ts");
    const result = await down(action, project, {
      volumes: flags.volumes,
      backup: !flags.noBackup,
      ...(flags.timeout === undefined ? {} : { timeoutMs: flags.timeout * 1000 }),
    });
    const { stopped, removedVolumes, backup, copies } = result;
    const { quoteWord } = await import("../../core/quote-word.ts");
    const isArchive = backup !== undefined && !copies.includes(backup);
    const lines = [
      ...(removedVolumes.length === 0 ? [] : [`Removed volumes: ${removedVolumes.join(", ")}`]),
      ...(isArchive
        ? [`Backup of all databases: ${backup}`, `Bring it back with: bulkhead db restore ${quoteWord(backup)}`]
        : []),
      ...copies.map((copy) => `Copied as it is, because its server could not be asked: ${copy}`),
    ];
    return {
      exitCode: 0,
      payload: { stopped, removedVolumes, backup: backup ?? null, copies },
      text: lines.join("\n"),
    };
  },
});
