import { anyPython } from "./fetch-wheel.ts";
import type { SupplyContext } from "./supply.ts";
import { toolEnvironment } from "./tool-environment.ts";

/** What resources/python/fetch_wheel.py tells of the user's index settings. URLs may hold credentials. */
interface IndexSettings {
  readonly index: string;
  readonly extra: readonly string[];
  readonly proxy: string | null;
  readonly bundles: readonly string[];
}

/**
 * Environment for uv: the user's own, plus pip's index, proxy and certificate settings where uv has none of its own
 * (uv reads neither PIP_* nor pip.conf), with packages kept in our cache unless UV_CACHE_DIR says otherwise.
 */
export async function uvEnvironment(context: SupplyContext): Promise<Record<string, string>> {
  const { host, processes, files } = context.io;
  // uv leaves lock files of packages it builds behind, named by their content: not in everybody's /tmp.
  const temporary = `${context.cache}/uv-temporary`;
  await files.makeDirectory(temporary);
  const environment = toolEnvironment(host, {
    TMPDIR: temporary,
    UV_PYTHON_DOWNLOADS: "never",
    UV_NO_PROGRESS: "1",
    ...(host.env.UV_CACHE_DIR === undefined ? { UV_CACHE_DIR: `${context.cache}/uv-packages` } : {}),
  });
  const answer = await processes.run({
    argv: [await anyPython(context), "-I", `${context.resources}/python/fetch_wheel.py`, "settings"],
    cwd: "/",
    env: toolEnvironment(host),
    signal: context.signal,
  });
  context.signal.throwIfAborted();
  if (answer.exitCode !== 0) return environment;
  const settings = JSON.parse(answer.stdout) as IndexSettings;
  const ownIndex = environment.UV_DEFAULT_INDEX ?? environment.UV_INDEX_URL ?? environment.UV_CONFIG_FILE;
  if (ownIndex === undefined && settings.index !== "https://pypi.org/simple") {
    environment.UV_DEFAULT_INDEX = settings.index;
  }
  if (environment.UV_INDEX === undefined && environment.UV_EXTRA_INDEX_URL === undefined && settings.extra.length > 0) {
    environment.UV_INDEX = settings.extra.join(" ");
  }
  const [bundle] = settings.bundles;
  if (environment.SSL_CERT_FILE === undefined && environment.SSL_CERT_DIR === undefined && bundle !== undefined) {
    environment.SSL_CERT_FILE = bundle;
  }
  if (settings.proxy !== null) {
    environment.HTTPS_PROXY ??= settings.proxy;
    environment.HTTP_PROXY ??= settings.proxy;
  }
  return environment;
}
