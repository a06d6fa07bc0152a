import { parseSql, type SqlStatement, type SqlToken } from "./parse-sql.ts";
import { createSqlReader, type SqlReader } from "./sql-reader.ts";
import { sliceTraced, type TracedText } from "./traced-text.ts";

/** What a statement does to a server, names as PostgreSQL folds them. `text`: where the name is written. */
export type SqlEffect =
  | { readonly kind: "connect"; readonly database: string }
  | {
      readonly kind: "create-database";
      readonly name: string;
      readonly owner: string | undefined;
      readonly text: TracedText;
    }
  | { readonly kind: "drop-database"; readonly name: string }
  | {
      readonly kind: "role";
      readonly name: string;
      readonly isNew: boolean;
      readonly password: TracedText | "null" | undefined;
      readonly superuser: boolean | undefined;
      readonly canLogin: boolean | undefined;
      readonly text: TracedText;
    }
  | { readonly kind: "schema"; readonly name: string; readonly owner: string | undefined; readonly text: TracedText }
  | {
      readonly kind: "grant";
      readonly privileges: readonly string[];
      readonly on: "database" | "schema" | "role" | "other";
      readonly object: string;
      readonly grantee: string;
      readonly text: TracedText;
    }
  | {
      readonly kind: "owner";
      readonly on: "database" | "schema";
      readonly object: string;
      readonly owner: string;
      readonly text: TracedText;
    }
  | {
      readonly kind: "search-path";
      /** Undefined: all roles. */
      readonly role: string | undefined;
      /** Undefined: all databases. */
      readonly database: string | undefined;
      /** In order; none where it is set back. */
      readonly schemas: readonly string[];
      readonly text: TracedText;
    }
  | { readonly kind: "include"; readonly path: string }
  /** It makes something whose name is only known when it runs. */
  | { readonly kind: "unreadable"; readonly reason: string };

/**
 * The effects of what psql is given: CREATE DATABASE/ROLE/USER/SCHEMA, ALTER ... OWNER, ALTER ROLE ... PASSWORD, GRANT,
 * ALTER ROLE/DATABASE ... SET search_path, `\c`, `\gexec` over literal statements, DO blocks. Everything else has none. `variables`: psql's own (`-v name=x`).
 */
export function readSql(
  script: TracedText,
  variables: ReadonlyMap<string, TracedText> = new Map(),
): readonly SqlEffect[] {
  return parseSql(script.text).flatMap((statement) => readStatement(statement, script, variables, 0));
}

function readStatement(
  { tokens, isExecuted }: SqlStatement,
  script: TracedText,
  variables: ReadonlyMap<string, TracedText>,
  depth: number,
): readonly SqlEffect[] {
  const reader = createSqlReader(tokens, script, variables);
  if (depth > 4) return [];
  if (isExecuted) return readLiterals(tokens, script, variables, depth, "\\gexec");
  const first = reader.next();
  switch (first?.value) {
    case "\\c":
    case "\\connect":
      return tokens[1] === undefined || tokens[1].value.startsWith("-")
        ? []
        : [{ kind: "connect", database: reader.nameOf(tokens[1]).name }];
    case "\\i":
    case "\\ir":
    case "\\include":
      return tokens[1] === undefined ? [] : [{ kind: "include", path: tokens[1].value }];
    case "create":
      return readCreate(reader);
    case "alter":
      return readAlter(reader);
    case "drop":
      return readDrop(reader);
    case "grant":
      return readGrant(reader, tokens);
    case "do":
      return readBlock(tokens, script, variables, depth);
    case "select":
      return tokens.some((token) => token.value === "dblink_exec")
        ? readLiterals(tokens, script, variables, depth, "dblink_exec")
        : [];
    default:
      return [];
  }
}

function readCreate(reader: SqlReader): readonly SqlEffect[] {
  if (reader.skip("database")) {
    const named = reader.name();
    let owner: string | undefined;
    while (reader.hasMore()) {
      if (!reader.skip("owner")) {
        reader.next();
        continue;
      }
      reader.skip("=");
      owner = reader.name()?.name;
    }
    return named === undefined ? [] : [{ kind: "create-database", ...named, owner }];
  }
  const isUser = reader.skip("user");
  if (isUser || reader.skip("role") || reader.skip("group")) return readRole(reader, true, isUser);
  if (!reader.skip("schema")) return [];
  reader.skip("if", "not", "exists");
  if (reader.skip("authorization")) {
    const owner = reader.name();
    return owner === undefined ? [] : [{ kind: "schema", ...owner, owner: owner.name }];
  }
  const named = reader.name();
  const owner = reader.skip("authorization") ? reader.name()?.name : undefined;
  return named === undefined ? [] : [{ kind: "schema", ...named, owner }];
}

function readRole(reader: SqlReader, isNew: boolean, isUser: boolean): readonly SqlEffect[] {
  const named = reader.name();
  if (named === undefined) return [];
  let password: TracedText | "null" | undefined;
  let superuser: boolean | undefined = isNew ? false : undefined;
  let canLogin: boolean | undefined = isNew ? isUser : undefined;
  while (reader.hasMore()) {
    const word = reader.next()?.value;
    if (word === "password") {
      const token = reader.next();
      if (token !== undefined) password = token.value === "null" ? "null" : reader.nameOf(token).text;
    } else if (word === "superuser" || word === "nosuperuser") superuser = word === "superuser";
    else if (word === "login" || word === "nologin") canLogin = word === "login";
    else if (word === "set" || word === "in" || word === "rename") break;
  }
  return [{ kind: "role", ...named, isNew, password, superuser, canLogin }];
}

function readAlter(reader: SqlReader): readonly SqlEffect[] {
  if (reader.skip("role") || reader.skip("user")) {
    const role = reader.peekToken();
    const path = readSearchPath(reader.copy(), role);
    return path ?? readRole(reader, false, false);
  }
  const on = reader.skip("database") ? "database" : reader.skip("schema") ? "schema" : undefined;
  if (on === undefined) return [];
  const object = reader.name();
  if (on === "database" && object !== undefined) {
    const schemas = readPath(reader);
    if (schemas !== undefined)
      return [{ kind: "search-path", role: undefined, database: object.name, schemas, text: object.text }];
  }
  const owner = object !== undefined && reader.skip("owner", "to") ? reader.name() : undefined;
  return object === undefined || owner === undefined
    ? []
    : [{ kind: "owner", on, object: object.name, owner: owner.name, text: owner.text }];
}

/** `ALTER ROLE name [IN DATABASE name] SET search_path ...`; undefined: another ALTER ROLE. */
function readSearchPath(reader: SqlReader, role: SqlToken | undefined): readonly SqlEffect[] | undefined {
  const named = reader.name();
  const database = reader.skip("in", "database") ? reader.name()?.name : undefined;
  const schemas = readPath(reader);
  if (named === undefined || schemas === undefined) return undefined;
  const isEverybody = role?.kind === "word" && role.value === "all";
  const { name, text } = named;
  return [{ kind: "search-path", role: isEverybody ? undefined : name, database, schemas, text }];
}

/** What follows the name in `SET search_path = a, b` and `RESET search_path`; undefined: something else. */
function readPath(reader: SqlReader): readonly string[] | undefined {
  if (reader.skip("reset", "search_path") || reader.skip("reset", "all")) return [];
  if (!reader.skip("set", "search_path")) return undefined;
  if (!reader.skip("to") && !reader.skip("=")) return undefined;
  if (reader.skip("default")) return [];
  const schemas: string[] = [];
  while (reader.hasMore()) {
    if (!reader.skip(",")) schemas.push(reader.name()?.name ?? "");
  }
  return schemas;
}

function readDrop(reader: SqlReader): readonly SqlEffect[] {
  if (!reader.skip("database")) return [];
  reader.skip("if", "exists");
  const named = reader.name();
  return named === undefined ? [] : [{ kind: "drop-database", name: named.name }];
}

function readGrant(reader: SqlReader, tokens: readonly SqlToken[]): readonly SqlEffect[] {
  const toAt = tokens.findIndex((token, index) => index > 0 && token.kind === "word" && token.value === "to");
  if (toAt < 0) return [];
  const onAt = tokens.findIndex((token, index) => index < toAt && token.kind === "word" && token.value === "on");
  const privileges = tokens
    .slice(1, onAt < 0 ? toAt : onAt)
    .filter((token) => token.kind !== "symbol" && token.value !== "privileges")
    .map((token) => (onAt < 0 ? reader.nameOf(token).name : token.value.toUpperCase()));
  const target = onAt < 0 ? [] : tokens.slice(onAt + 1, toAt);
  const on = target[0]?.value === "database" || target[0]?.value === "schema" ? target[0].value : "other";
  const objects = target.slice(1).filter((token) => token.kind !== "symbol");
  const grantees = tokens.slice(toAt + 1).filter((token) => token.kind !== "symbol");
  const stop = grantees.findIndex(
    (token) => token.kind === "word" && (token.value === "with" || token.value === "granted"),
  );
  return (stop < 0 ? grantees : grantees.slice(0, stop)).flatMap((token): SqlEffect[] => {
    const { name: grantee, text } = reader.nameOf(token);
    if (onAt < 0)
      return privileges.map((object) => ({ kind: "grant", privileges: ["MEMBER"], on: "role", object, grantee, text }));
    return objects.map((object) => ({
      kind: "grant",
      privileges,
      on,
      object: reader.nameOf(object).name,
      grantee,
      text,
    }));
  });
}

/** A DO block: its statements are read one by one, whatever stands before their first keyword. */
function readBlock(
  tokens: readonly SqlToken[],
  script: TracedText,
  variables: ReadonlyMap<string, TracedText>,
  depth: number,
): readonly SqlEffect[] {
  return tokens.flatMap((token): readonly SqlEffect[] => {
    if (token.kind !== "string") return [];
    const inner = innerText(script, token);
    return parseSql(inner.text).flatMap((statement) => {
      const at = statement.tokens.findIndex((one) => /^(create|alter|grant|execute|perform)$/.test(one.value));
      const verb = statement.tokens[at]?.value;
      const rest = statement.tokens.slice(at);
      if (at < 0) return [];
      return verb === "execute" || verb === "perform"
        ? readLiterals(rest, inner, variables, depth, verb.toUpperCase())
        : readStatement({ tokens: rest, isExecuted: false }, inner, variables, depth + 1);
    });
  });
}

/** Statements inside string literals, and `format('CREATE DATABASE %I', 'x')`. */
function readLiterals(
  tokens: readonly SqlToken[],
  script: TracedText,
  variables: ReadonlyMap<string, TracedText>,
  depth: number,
  what: string,
): readonly SqlEffect[] {
  const found = tokens.flatMap((token, index): readonly SqlEffect[] => {
    if (token.kind !== "string" || !/^\s*(create|alter|grant)\b/i.test(token.value)) return [];
    if (tokens[index + 1]?.value === "|" || /%[IsL]/.test(token.value)) return readFormat(tokens, index, what);
    const inner = innerText(script, token);
    return parseSql(inner.text).flatMap((one) => readStatement(one, inner, variables, depth + 1));
  });
  const isDefinition = tokens.some((token) => token.kind === "string" && /\b(create|alter|grant)\b/i.test(token.value));
  return found.length === 0 && isDefinition
    ? [{ kind: "unreadable", reason: `${what} runs a statement that is put together` }]
    : found;
}

/** `format('CREATE DATABASE %I', 'mlflow')`: one placeholder and a literal for it; others are not followed. */
function readFormat(tokens: readonly SqlToken[], index: number, what: string): readonly SqlEffect[] {
  const [comma, value] = [tokens[index + 1], tokens[index + 2]];
  const template = tokens[index]?.value ?? "";
  const isSimple = comma?.value === "," && value?.kind === "string" && (template.match(/%[IsL]/g)?.length ?? 0) === 1;
  if (!isSimple) return [{ kind: "unreadable", reason: `${what} runs a statement that is put together` }];
  const text = template.replace(/%[IsL]/, (mark) => (mark === "%L" ? `'${value.value}'` : `"${value.value}"`));
  const inner: TracedText = { text, pieces: [{ start: 0, end: text.length, place: { kind: "image" } }] };
  return parseSql(text).flatMap((one) => readStatement(one, inner, new Map(), 4));
}

/** What a string or dollar quote holds, with its places; doubled quotes make it one piece. */
function innerText(script: TracedText, token: SqlToken): TracedText {
  const written = script.text.slice(token.start, token.end);
  const open = /^\$\w*\$/.exec(written)?.[0].length ?? written.indexOf("'") + 1;
  const inner = sliceTraced(script, token.start + open, token.start + open + token.value.length);
  return inner.text === token.value
    ? inner
    : {
        text: token.value,
        pieces: [{ start: 0, end: token.value.length, place: inner.pieces[0]?.place ?? { kind: "image" } }],
      };
}
