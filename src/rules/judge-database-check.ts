import type { DatabaseServer, Topology } from "../topology/topology.ts";

/** What is wrong with a `pg_isready` or `psql` that a PostgreSQL service asks itself with. */
export interface DatabaseCheckFault {
  readonly message: string;
  readonly text: string;
  readonly consequence: string;
  /** `pg_isready` passes also when it is refused; the server writes a line about it each time. */
  readonly harmless?: boolean;
}

const valued = new Set([
  "-U",
  "--username",
  "-d",
  "--dbname",
  "-h",
  "--host",
  "-p",
  "--port",
  "-t",
  "--timeout",
  "-c",
  "--command",
]);

/** `words`: the command, undefined where a word cannot be known. Undefined: nothing is wrong, or nobody can know. */
export function judgeDatabaseCheck(
  topology: Topology,
  service: string,
  words: readonly (string | undefined)[],
): DatabaseCheckFault | undefined {
  const server = topology.servers.find((one) => one.service === service);
  const program = words[0]?.slice(words[0].lastIndexOf("/") + 1);
  if (server === undefined || words.includes(undefined) || (program !== "pg_isready" && program !== "psql"))
    return undefined;
  const { options, rest } = readOptions(words.slice(1) as string[]);
  if (program === "pg_isready" && rest[0] !== undefined) {
    return {
      message: `\`pg_isready\` of \`${service}\` gets the stray word \`${rest[0]}\`, because an option before it has no value`,
      text: "an option without a value takes the next word",
      consequence: `pg_isready: error: too many command-line arguments (first is "${rest[0]}")`,
    };
  }
  const harmless = program === "pg_isready";
  if (/[:=]/.test(options.get("d") ?? rest[0] ?? "")) return undefined;
  const environment = topology.services[service]?.environment ?? {};
  // In the official image a health check runs as root.
  const user = options.get("U") ?? rest[1] ?? environment["PGUSER"] ?? "root";
  const database = options.get("d") ?? rest[0] ?? environment["PGDATABASE"] ?? user;
  return judgeNames(server, program, user, database, harmless);
}

function judgeNames(
  { service, complete, roles, databases }: DatabaseServer,
  program: string,
  user: string,
  database: string,
  harmless: boolean,
): DatabaseCheckFault | undefined {
  if (!complete) return undefined;
  if (!roles.some(({ name }) => name === user)) {
    return {
      message: `\`${program}\` asks \`${service}\` as \`${user}\`, a role it does not have`,
      text: `no role \`${user}\``,
      consequence: `FATAL:  role "${user}" does not exist`,
      harmless,
    };
  }
  if (!databases.some(({ name }) => name === database) && !database.startsWith("template")) {
    return {
      message: `\`${program}\` asks \`${service}\` for \`${database}\`, a database it does not have`,
      text: `no database \`${database}\``,
      consequence: `FATAL:  database "${database}" does not exist`,
      harmless,
    };
  }
  return undefined;
}

function readOptions(words: readonly string[]) {
  const options = new Map<string, string>();
  const rest: string[] = [];
  const letters: Readonly<Record<string, string>> = { "--username": "U", "--dbname": "d" };
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    const [name = "", joined] = word.startsWith("--") ? word.split("=", 2) : [word];
    const letter = letters[name] ?? name.replace(/^-/, "");
    if (joined !== undefined) options.set(letter, joined);
    else if (valued.has(name)) options.set(letter, words[(at += 1)] ?? "");
    else if (/^-[UdhptcF]./.test(word)) options.set(word.charAt(1), word.slice(2));
    else if (!word.startsWith("-")) rest.push(word);
  }
  return { options, rest };
}
