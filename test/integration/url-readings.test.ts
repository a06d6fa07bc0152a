import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { parseDatabaseUrl } from "../../src/topology/parse-database-url.ts";
import { parseLibpqUrl } from "../../src/topology/parse-libpq-url.ts";
import { installAirflow } from "../helpers/install-airflow.ts";
import { createTemporaryDirectory } from "../helpers/temporary-directory.ts";

/** Everything that projects write, and what breaks them. */
const written = [
  "postgresql://u:p@h:5432/d",
  "postgresql+psycopg2://air%40flow:p%2Fw@postgres:5433/airflow?options=-csearch_path%3Dx",
  "postgresql://u:pa@ss@host/db",
  "postgresql://u:pa/ss@host/db",
  "postgresql://u:pa#ss@host/db",
  "postgresql://u:pa%ss@host/db",
  "postgresql://u:pa:ss@host/db",
  "postgresql://u:pa?ss@host/db",
  "postgresql://us@er:p@host/db",
  "postgresql://u@host",
  "postgresql://host/db",
  "postgresql:///db",
  "postgresql://",
  "postgresql://u:@host/db",
  "postgresql://:p@host/db",
  "postgresql://:@/",
  "postgresql://u:p@/db?host=/var/run/postgresql",
  "postgresql://u:p@[::1]:5432/db",
  "postgresql://[2001:db8::1]/db",
  "postgresql://[::1",
  "postgresql://[]/db",
  "postgresql://[::1]x/db",
  "postgresql://u:p@h1:5432,h2:5433/db",
  "postgresql://u:p@h1,h2/db?target_session_attrs=any",
  "postgresql://u:p@h/db?sslmode=require&connect_timeout=5",
  "postgresql://u:p@h/db?sslmode=",
  "postgresql://u:p@h/db?sslmode",
  "postgresql://u:p@h/db?schema=x",
  "postgresql://u:p@h/db?a=1&a=2",
  "postgresql://u:p@h/db?application_name=a+b",
  "postgresql://u:p@h/db?application_name=a=b",
  "postgresql://u:p@h/db?ssl=true",
  "postgresql://u:p@h/db?",
  "postgresql://u:p@h/db?&",
  "postgresql://u:p@h:/db",
  "postgresql://u:p@h:port/db",
  "postgresql://u:p@h: 5432/db",
  "postgresql://u:p@h/my%20db",
  "postgresql://u:p@h/db/more",
  "postgresql://u:p@h/db\n",
  " postgresql://u:p@h/db",
  "postgresql:/u:p@h/db",
  "postgresql//u:p@h/db",
  "jdbc:postgresql://h/db",
  "postgres://u:p@h/db",
  "db+postgresql://u:p@h/db",
  "mysql+pymysql://u:p@h:3306/db",
  "sqlite:////opt/airflow/airflow.db",
  "sqlite:///mlflow.db",
  "sqlite://",
  "http://mlflow:5000",
  "redis://:@redis:6379/0",
  "postgresql+psycopg2+x://u@h/d",
  "postgresql://über:pä%C3%9F@höst/dß",
  "postgresql://u:%FF%41@h/d",
  "just text",
  "",
];

const script = `
import json, sys
from sqlalchemy.engine import make_url
from psycopg2.extensions import parse_dsn
def alchemy(text):
    try:
        url = make_url(text)
    except ValueError:
        return "port"
    except Exception as error:
        return None
    query = {key: value if isinstance(value, str) else value[-1] for key, value in url.query.items()}
    return [url.drivername, url.username, url.password, url.host, url.port, url.database, query]
def libpq(text):
    try:
        return parse_dsn(text)
    except Exception as error:
        return None
print(json.dumps([[alchemy(text), libpq(text)] for text in json.load(sys.stdin)]))
`;

let readings: [unknown, unknown][];

beforeAll(async () => {
  await using directory = await createTemporaryDirectory();
  const installed = await installAirflow(join(directory.path, "bulkhead.lock"));
  const running = promisify(execFile)(join(installed.directory, "bin/python"), ["-c", script], {
    env: { PATH: "/usr/bin:/bin", PYTHONIOENCODING: "utf-8" },
  });
  running.child.stdin?.end(JSON.stringify(written));
  readings = JSON.parse((await running).stdout) as [unknown, unknown][];
});

// psycopg2 itself refuses what libpq decodes to no UTF-8 (%FF).
describe("connection strings", () => {
  it.each(written.map((text, index) => [text, index] as const))("%j reads as SQLAlchemy reads it", (text, index) => {
    const url = parseDatabaseUrl(text);
    const ours =
      url === undefined
        ? null
        : url.invalidPort !== undefined
          ? "port"
          : [
              url.scheme,
              url.user,
              url.password,
              url.host,
              url.port,
              url.database ?? (url.spans.database === undefined ? null : ""),
              url.query,
            ].map((one) => one ?? null);
    expect(ours).toEqual(readings[index]?.[0]);
  });

  it.each(
    written.flatMap((text, index) =>
      /^postgres(ql)?:\/\//.test(text) && !text.includes("%FF") ? [[text, index] as const] : [],
    ),
  )("%j reads as libpq reads it", (text, index) => {
    const url = parseLibpqUrl(text);
    expect(url?.fault === undefined ? url?.options : null).toEqual(readings[index]?.[1]);
  });
});
