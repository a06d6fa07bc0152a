/** A range of UTF-16 offsets, end exclusive. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** `scheme://user:PASSWORD@`; the password ends at the last `@` before a slash, a quote or a space, as SQLAlchemy reads it. */
const urlPassword = /(?<=[a-z][\w+.-]*:\/\/[^\s:/@"']*:)[^\s"'/]*(?=@)/gi;

/** `NAME=value`, `NAME: value` and `--name value` where the name is one that holds a secret, up to the end of the value. */
const namedSecret =
  /(?<=(?:^|[\s"'{,;-])[\w-]*(?:passw(?:or)?d|passwd|secret|token|fernet_key|access_key|api_key|private_key|secret_key)[\w-]*["']?\s*(?:=|:\s)\s*["']?)[^\s"'#,}]+/gi;

/** `--password value`. */
const flaggedSecret = /(?<=--[\w-]*(?:password|secret|token)\s+["']?)[^\s"'$-][^\s"']*/gi;

/** Ends of names that hold no secret although a word in them says so: a file's path, an algorithm, a lifetime. */
const harmlessName =
  /(?:_file|_cmd|_path|_dir|_backend|_url|_uri|_algorithm|_expir\w*|_time\w*|_length|_name|_audience|_issuer|_leeway)["']?\s*(?:=|:\s)\s*["']?$/i;

/** A value that only names another place: `${NAME}`, `$NAME`, a path below /run/secrets. */
const reference = /^(?:\$\{?[A-Za-z_]|\/run\/secrets\/)/;

/**
 * Where a line of a Compose file, an env file, a Dockerfile or a script holds a secret by its looks: passwords of URLs, and
 * values of names with password, secret, token or key in them. In order, not overlapping. Shown as `***`.
 */
export function findSecrets(line: string): readonly TextRange[] {
  const ranges = [...line.matchAll(urlPassword), ...line.matchAll(namedSecret), ...line.matchAll(flaggedSecret)]
    .filter(({ 0: text, index }) => text !== "" && !reference.test(text) && !harmlessName.test(line.slice(0, index)))
    .map(({ 0: text, index }) => ({ start: index, end: index + text.length }))
    .toSorted((left, right) => left.start - right.start);
  return ranges.filter((range, at) => at === 0 || range.start >= (ranges[at - 1]?.end ?? 0));
}
