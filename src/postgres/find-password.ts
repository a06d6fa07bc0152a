/** What a line of a password file has to match. `host` is `localhost` for a Unix socket. */
export interface PasswordQuestion {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

/**
 * The password a file in the format of `~/.pgpass` has for a login: the first line whose `host:port:database:user` matches,
 * `*` matching anything, `\:` and `\\` standing for themselves (PostgreSQL manual, "The Password File").
 */
export function findPassword(text: string, question: PasswordQuestion): string | undefined {
  const wanted = [question.host, String(question.port), question.database, question.user];
  for (const line of text.split(/\r?\n/)) {
    if (line === "" || line.startsWith("#")) continue;
    const fields = splitFields(line);
    const password = fields[4];
    if (password !== undefined && wanted.every((word, at) => fields[at] === "*" || unescape(fields[at]) === word)) {
      return unescape(password);
    }
  }
  return undefined;
}

/** Five fields; a colon in the last one is its own. */
function splitFields(line: string): readonly string[] {
  const fields = [""];
  for (const [piece] of line.matchAll(/\\.|[^\\]|\\$/gsu)) {
    if (piece === ":" && fields.length < 5) fields.push("");
    else fields[fields.length - 1] += piece;
  }
  return fields;
}

function unescape(field: string | undefined): string | undefined {
  return field?.replace(/\\(.)/gsu, "$1");
}
