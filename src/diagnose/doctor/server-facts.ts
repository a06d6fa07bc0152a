import { oncePerSubject } from "./once-per-subject.ts";

/** What a PostgreSQL server's container tells of the room it has. */
export interface ServerFacts {
  /** Free bytes by path, where that path is there. */
  readonly free: Readonly<Record<string, number>>;
  /** The hard limit of open files; Infinity: none. */
  readonly openFiles: number;
  /** psql's version; undefined: the image has none. */
  readonly clients: string | undefined;
}

const SCRIPT = 'ulimit -Hn; psql --version || echo; df -Pk /dev/shm "${PGDATA:-/var/lib/postgresql/data}"';

/** One process in a server's container for all checks. Throws where it cannot be started. */
export const serverFacts = oncePerSubject(async (stack, service, signal): Promise<ServerFacts> => {
  const access = await stack.open(service);
  if (access === undefined) throw new Error(`${service} does not run`);
  const { stdout, stderr } = await access.run({ argv: ["sh", "-c", SCRIPT], env: {}, signal });
  if (stdout === "") throw new Error(stderr.trim().split("\n").at(-1) || `nothing can be run in ${service}`);
  return parseServerFacts(stdout);
});

/** Parses what the script prints: `df` ends with a line a path. Pure. */
export function parseServerFacts(text: string): ServerFacts {
  const [limit = "", clients = "", , ...rows] = text.trimEnd().split("\n");
  const free = rows.flatMap((row) => {
    const [, , , kibibytes, , mount] = row.trim().split(/\s+/);
    return mount === undefined ? [] : [[mount, Number(kibibytes) * 1024] as const];
  });
  return {
    free: Object.fromEntries(free),
    openFiles: limit === "unlimited" ? Number.POSITIVE_INFINITY : Number(limit),
    clients: /(\d+(?:\.\d+)*)/.exec(clients)?.[1],
  };
}
