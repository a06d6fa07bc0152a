import { commandLines } from "./command-lines.ts";

/**
 * Whether a container of the PostgreSQL image runs the server: its argv is empty, starts with a flag (the entry point puts
 * `postgres` before it), or starts `postgres`. A script that is none of the project's counts as the server unless
 * another service waits for its end (`isAwaited`); client programs and `sh -c` scripts are jobs.
 */
export function isPostgresServer(argv: readonly string[], isAwaited: boolean): boolean {
  const lines = commandLines(argv);
  const programs = lines.map((words) => words[0]?.split("/").at(-1) ?? "");
  if (argv.length === 0 || argv[0]?.startsWith("-") === true) return true;
  if (programs.some((program) => program === "postgres" || program === "docker-entrypoint.sh")) return true;
  const isScript = lines.length > 1 || lines[0] !== argv;
  return !isScript && !clients.test(programs[0] ?? "") && !isAwaited;
}

const clients =
  /^(psql|createdb|createuser|dropdb|dropuser|pg_isready|pg_dump|pg_dumpall|pg_restore|vacuumdb|sleep|tail|true|echo)$/;
