import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installAirflow } from "../helpers/install-airflow.ts";
import { repositoryPath } from "../helpers/source-files.ts";
import { createStackHome, type StackHome } from "../helpers/stack-home.ts";

const closedPort = 1;

let home: StackHome;
let server: Server;
/** Host headers of requests, in order. */
const asked: string[] = [];
let python: string;
let environment: Record<string, string>;
let databasePort: number;
let webPort: number;

beforeAll(async () => {
  home = await createStackHome();
  const project = join(home.directory, "names");
  await mkdir(project);
  await writeFile(
    join(project, "compose.yaml"),
    "services: {db: {image: 'postgres:17', environment: {POSTGRES_USER: sailor, POSTGRES_PASSWORD: rope}}}\n",
  );
  home.onEndBringDown(project);
  const up = await home.run(project, "up", "--json");
  const { access } = JSON.parse(up.stdout) as { access: { url: string }[] };
  databasePort = Number(/:(\d+)/.exec(access[0]?.url ?? "")?.[1]);

  server = createServer((request, response) => {
    asked.push(request.headers.host ?? "");
    response.end("hello");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  webPort = (server.address() as AddressInfo).port;

  const installed = await installAirflow(join(project, "bulkhead.lock"));
  python = join(installed.directory, "bin/python");
  const names = join(home.directory, "names.json");
  await writeFile(
    names,
    JSON.stringify({
      hostname: "worker",
      own: { 8080: webPort },
      names: { worker: { 8080: webPort }, db: { 5432: databasePort }, mlflow: { 5000: webPort } },
    }),
  );
  environment = {
    PATH: "/usr/bin:/bin",
    BULKHEAD_HOOK: repositoryPath("resources/python/name_hook.py"),
    BULKHEAD_NAMES: names,
  };
});

afterAll(async () => {
  server?.close();
  await home?.[Symbol.asyncDispose]();
});

/** What a script hands to `tell(...)`, one entry a call. */
async function run(
  script: string,
  options: { flags?: string[]; env?: Record<string, string> } = {},
): Promise<unknown[]> {
  const tell = "import json\ndef tell(value): print('told', json.dumps(value))\n";
  const { stdout } = await promisify(execFile)(python, [...(options.flags ?? []), "-c", tell + script], {
    env: { ...environment, ...options.env },
  });
  return [...stdout.matchAll(/^told (.*)$/gm)].map((match) => JSON.parse(match[1] ?? "") as unknown);
}

describe("names inside a unit's Python", () => {
  it("maps host and port together wherever getaddrinfo is asked", async () => {
    const script = `
import socket
def ask(*args, **kwargs): return [list(a[4]) for a in socket.getaddrinfo(*args, type=socket.SOCK_STREAM, **kwargs)]
tell(ask("db", 5432))
tell(ask(b"DB.", "5432"))
tell(ask("db", 9999))
tell(ask("db", None))
tell(ask("localhost", 8080))
tell(ask("localhost", 8081, family=socket.AF_INET))
tell(ask("localhost", 8080, family=socket.AF_INET, flags=socket.AI_PASSIVE))
tell(ask(None, 8080, family=socket.AF_INET, flags=socket.AI_PASSIVE))
tell([socket.gethostbyname("db"), socket.gethostname(), socket.getfqdn(), socket.getfqdn("worker")])
tell([a[3] for a in socket.getaddrinfo("db", 5432, type=socket.SOCK_STREAM, flags=socket.AI_CANONNAME)])
from airflow.utils.net import get_hostname
tell(get_hostname())
try:
    socket.create_connection(("db", 9999), timeout=5)
except ConnectionRefusedError:
    tell("refused")
try:
    socket.getaddrinfo("no-such-service.invalid", 5432)
except socket.gaierror:
    tell("unknown")
raw = socket.socket(); raw.connect(("mlflow", 5000)); tell(raw.getpeername()[1]); raw.close()
raw = socket.socket(); tell(raw.connect_ex(("mlflow", 5001)) != 0); raw.close()
`;
    expect(await run(script)).toEqual([
      [["127.0.0.1", databasePort]],
      [["127.0.0.1", databasePort]],
      [["127.0.0.1", closedPort]],
      [["127.0.0.1", 0]],
      [["127.0.0.1", webPort]],
      [["127.0.0.1", 8081]],
      [["127.0.0.1", 8080]],
      [["0.0.0.0", 8080]],
      ["127.0.0.1", "worker", "worker", "worker"],
      ["db"],
      "worker",
      "refused",
      "unknown",
      webPort,
      true,
    ]);
  });

  it("reaches HTTP services with the Host header a container would send", async () => {
    const script = `
import asyncio, httpx, requests
from urllib.request import urlopen
tell(urlopen("http://mlflow:5000/").read().decode())
tell(requests.get("http://mlflow:5000/").text)
tell(httpx.get("http://localhost:8080/").text)
async def main():
    async with httpx.AsyncClient() as client:
        tell((await client.get("http://mlflow:5000/")).text)
asyncio.run(main())
`;
    asked.length = 0;
    expect(await run(script)).toEqual(["hello", "hello", "hello", "hello"]);
    expect(asked).toEqual(["mlflow:5000", "mlflow:5000", "localhost:8080", "mlflow:5000"]);
  });

  it("connects by psycopg2, psycopg, asyncpg and SQLAlchemy, however the address is given", async () => {
    const script = `
# Libraries look which drivers are there before they import one.
import importlib.util
tell([importlib.util.find_spec(name) is not None for name in ("psycopg2", "psycopg")])
import asyncio, asyncpg, psycopg, psycopg2, sqlalchemy
from psycopg2.extras import RealDictCursor
from psycopg.rows import dict_row
url = "postgresql://sailor:rope@db:5432/sailor"
parts = dict(host="db", port=5432, user="sailor", password="rope")
ask = "SELECT current_user AS me"
def two(*args, **kwargs):
    connection = psycopg2.connect(*args, **kwargs)
    cursor = connection.cursor(); cursor.execute(ask); row = cursor.fetchone(); connection.close()
    return row["me"] if isinstance(row, dict) else row[0]
tell(two(url))
tell(two("host=db port=5432 user=sailor password=rope", cursor_factory=RealDictCursor))
tell(two(database="sailor", **parts))
tell(two("host=elsewhere.invalid,db port=5432 user=sailor password=rope"))
with psycopg.connect(url, row_factory=dict_row, autocommit=True) as connection:
    tell(connection.execute(ask).fetchone()["me"])
with psycopg.Connection.connect(dbname="sailor", **parts) as connection:
    tell(connection.execute(ask).fetchone()[0])
for driver in ("psycopg2", "psycopg"):
    engine = sqlalchemy.create_engine(url.replace("postgresql", "postgresql+" + driver))
    with engine.connect() as connection:
        tell(connection.execute(sqlalchemy.text(ask)).scalar())
async def main():
    async with await psycopg.AsyncConnection.connect(url) as connection:
        tell((await (await connection.execute(ask)).fetchone())[0])
    connection = await asyncpg.connect(url)
    tell(await connection.fetchval(ask))
    await connection.close()
asyncio.run(main())
for module in (psycopg2, psycopg):
    try:
        module.connect("host=db port=9999 user=sailor connect_timeout=5")
    except module.OperationalError as error:
        tell("refused" in str(error))
`;
    expect(await run(script)).toEqual([[true, true], ...Array<string>(10).fill("sailor"), true, true]);
  });

  it("works with -I, in child processes, beside the user's own sitecustomize, and hides uvloop", async () => {
    const ask = `import socket; tell(socket.getaddrinfo("db", 5432, type=socket.SOCK_STREAM)[0][4][1])`;
    expect(await run(ask, { flags: ["-I"] })).toEqual([databasePort]);

    const own = join(home.directory, "own");
    await mkdir(own, { recursive: true });
    await writeFile(join(own, "sitecustomize.py"), "import builtins\nbuiltins.mine = 'mine'\n");
    const script = `
${ask}
tell(mine)
import multiprocessing, subprocess, sys
from concurrent.futures import ProcessPoolExecutor
lookup = "import socket; print(socket.gethostbyname('db'))"
tell(subprocess.run([sys.executable, "-c", lookup], capture_output=True, text=True).stdout.strip())
with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
    tell(pool.submit(socket.gethostname).result())
try:
    import uvloop
except ModuleNotFoundError as error:
    tell(error.name)
`;
    const told = await run(script, { env: { PYTHONPATH: own } });
    expect(told).toEqual([databasePort, "mine", "127.0.0.1", "worker", "uvloop"]);
  });

  it("changes nothing in a Python that is not a unit's", async () => {
    const script = `
import socket, sys
tell(socket.gethostname() == "worker")
tell("uvloop" in sys.modules or __import__("importlib.util").util.find_spec("uvloop") is not None)
`;
    expect(await run(script, { env: { BULKHEAD_HOOK: "", BULKHEAD_NAMES: "" } })).toEqual([false, true]);
  });
});
