import { ToolError } from "../core/tool-error.ts";
import type { ErrorCode } from "../core/tool-error.ts";

const DISK = /no space left on device|ENOSPC|disk quota exceeded|EDQUOT|not enough space/i;
const NETWORK =
  /dns error|failed to lookup address|could not resolve|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|connection (refused|reset|timed out)|network is unreachable|error sending request|tcp connect error|operation timed out|name resolution|Could not connect|network connectivity/i;

/** `https://user:secret@host` -> `https://***@host`. */
export function redactUrls(text: string): string {
  return text.replaceAll(/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/'"]+@/gi, "$1***@");
}

/**
 * What a failed installer run means, from what it printed.
 *
 * `subject` is what was to be had (`uv 0.13.9`, `Airflow 3.3.2`), `otherwise` the code when neither the network nor the
 * disk is at fault. The output's lines from its first error on, or its last ones, become the message's end, credentials in addresses masked.
 */
export function installerFailure(subject: string, output: string, otherwise: ErrorCode, hint?: string): ToolError {
  const lines = redactUrls(output)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const first = lines.findIndex((line) => /^error\b/i.test(line));
  const reason = (first === -1 ? lines.slice(-6) : lines.slice(first, first + 6)).join(" | ").slice(0, 900);
  const detail = { subject, output: lines.slice(-40) };
  if (DISK.test(output)) {
    return new ToolError("DISK_FULL", `no space left on the disk while installing ${subject}`, {
      hint: "free some space there, or point BULKHEAD_CACHE_DIR at a larger disk, and run it again",
      detail,
    });
  }
  if (NETWORK.test(output)) {
    return new ToolError("NETWORK_UNREACHABLE", `${subject} could not be fetched: ${reason}`, {
      hint: "check the connection and the proxy (HTTPS_PROXY), index (UV_DEFAULT_INDEX, PIP_INDEX_URL), npm registry and certificate (SSL_CERT_FILE, NODE_EXTRA_CA_CERTS) settings",
      detail,
    });
  }
  const verb = otherwise === "LOCK_FAILED" ? "resolved" : "installed";
  return new ToolError(otherwise, `${subject} could not be ${verb}: ${reason}`, {
    ...(hint === undefined ? {} : { hint }),
    detail,
  });
}

/** The ToolError for a file system error of ours, when it says that the disk is full. */
export function diskFailure(subject: string, error: unknown): ToolError | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ENOSPC" || code === "EDQUOT" ? installerFailure(subject, code, "DISK_FULL") : undefined;
}
