import { describe, expect, it } from "vitest";
import { runScript, type ShellCall } from "./run-script.ts";
import { traceValue } from "./traced-text.ts";

function callsOf(
  script: string,
  variables: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
): ShellCall[] {
  const calls: ShellCall[] = [];
  runScript(traceValue(script, ["script"]), {
    variables: new Map(
      Object.entries(variables).map(([name, value]) => [name, traceValue(value, ["environment", name])]),
    ),
    positional: args.map((arg, index) => traceValue(arg, ["args", index])),
    readFile: (path) => (path === "/run/secrets/db" ? traceValue("from file\n", ["secrets", "db"]) : undefined),
    call: (call) => calls.push(call),
  });
  return calls;
}

function lines(calls: readonly ShellCall[]): string[] {
  return calls.map(({ words, conditional }) => `${conditional ? "? " : ""}${words.map(({ text }) => text).join(" ")}`);
}

describe("runScript", () => {
  it("follows assignments, exports and arguments", () => {
    const script = 'DB=one\nexport URL="postgresql://h/$DB"\nA=1 mlflow server --uri $URL\nexec "$@"';
    expect(lines(callsOf(script, {}, ["airflow", "webserver"]))).toEqual([
      "mlflow server --uri postgresql://h/one",
      "exec airflow webserver",
    ]);
  });

  it("follows the idiom of several databases, each name back to its variable", () => {
    const script = `
set -eu
function create_database() {
  local database=$1
  psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" <<-EOSQL
    CREATE DATABASE $database;
EOSQL
}
if [ -n "$POSTGRES_MULTIPLE_DATABASES" ]; then
  echo "making $POSTGRES_MULTIPLE_DATABASES"
  for db in $(echo $POSTGRES_MULTIPLE_DATABASES | tr ',' ' '); do
    create_database $db
  done
fi`;
    const calls = callsOf(script, { POSTGRES_USER: "u", POSTGRES_MULTIPLE_DATABASES: "airflow,mlflow" });
    const made = calls.filter(({ words }) => words[0]?.text === "psql");
    expect(made.map(({ input }) => input?.text.trim())).toEqual([
      "CREATE DATABASE airflow;",
      "CREATE DATABASE mlflow;",
    ]);
    expect(made.map(({ conditional }) => conditional)).toEqual([false, false]);
    const name = made[1]?.input?.pieces.find(({ place }) => place.kind === "value" && place.path[0] === "environment");
    expect(name?.place).toMatchObject({ path: ["environment", "POSTGRES_MULTIPLE_DATABASES"], start: 8, end: 14 });
    expect(callsOf(script, { POSTGRES_USER: "u" }).some(({ words }) => words[0]?.text === "psql")).toBe(false);
  });

  it.each([
    'IFS=\',\' read -ra NAMES <<< "$LIST"; for db in "${NAMES[@]}"; do createdb "$db"; done',
    "for db in ${LIST//,/ }; do createdb $db; done",
    "for db in $(echo \"$LIST\" | sed 's/,/ /g'); do createdb $db; done",
    'names=(airflow mlflow); for db in "${names[@]}"; do createdb $db; done',
    "for pair in airflow:x mlflow:y; do createdb $(echo $pair | cut -d: -f1); done",
    "for pair in airflow:x mlflow:y; do name=`echo $pair | tr ':' ' ' | awk '{print $1}'`; createdb $name; done",
    "while read db; do :; done; createdb airflow; createdb mlflow",
  ])("follows lists: %s", (script) => {
    const made = lines(callsOf(script, { LIST: "airflow,mlflow" })).filter((line) => line.startsWith("createdb"));
    expect(made).toEqual(["createdb airflow", "createdb mlflow"]);
  });

  it("keeps both ways of what it cannot decide, and says so", () => {
    expect(lines(callsOf("if grep -q x /f; then a; else b; fi; until nc -z db 5432; do sleep 1; done; c"))).toEqual([
      "grep -q x /f",
      "? a",
      "? b",
      "nc -z db 5432",
      "? sleep 1",
      "c",
    ]);
  });

  it("gives what is piped, redirected and read", () => {
    const [, first] = callsOf(`echo "SELECT 1" | psql -h db > /dev/null 2>&1`);
    expect(lines(first === undefined ? [] : [first])).toEqual(["psql -h db"]);
    expect(first?.input?.text).toBe("SELECT 1");
    expect(callsOf("psql <<< 'SELECT 2'")[0]?.input?.text).toBe("SELECT 2");
    expect(callsOf("psql < /run/secrets/db")[0]?.input?.text).toBe("from file\n");
    expect(lines(callsOf('login "$(cat /run/secrets/db)"'))).toEqual(["login from file"]);
    expect(lines(callsOf('login "$P" -x', { P: "a>b <c" }))).toEqual(["login a>b <c -x"]);
    expect(lines(callsOf("pip install mlflow>=2.0 'a>=1'"))).toEqual(["pip install mlflow a>=1"]);
  });

  it("ends where a script does not", () => {
    expect(callsOf("f() { f; g; }; f").length).toBeLessThan(100);
    expect(callsOf(`run "${"${".repeat(200_000)}"`)).toHaveLength(1);
    expect(callsOf(`for a in ${"x ".repeat(3000)}; do run; done`).length).toBeLessThan(2100);
  });
});
