import { ToolError } from "../core/tool-error.ts";
import type { Host } from "../ports/host.ts";

const SUPPORTED = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"];

/**
 * The machine's name in package names (`linux-x64`).
 *
 * Throws ToolError PLATFORM_UNSUPPORTED where no programs exist for it: Windows outside WSL2, musl (Alpine), other CPUs.
 */
export function assertPlatform(host: Pick<Host, "platform" | "arch" | "libc">): string {
  const name = `${host.platform}-${host.arch}`;
  const detail = { platform: host.platform, arch: host.arch, libc: host.libc };
  if (host.platform === "win32") {
    throw new ToolError("PLATFORM_UNSUPPORTED", "the native engine does not run on Windows itself", {
      hint: "run bulkhead inside WSL2",
      detail,
    });
  }
  if (!SUPPORTED.includes(name)) {
    throw new ToolError(
      "PLATFORM_UNSUPPORTED",
      `the native engine has no PostgreSQL programs for ${name}; it runs on ${SUPPORTED.join(", ")}`,
      { hint: "use a machine of one of these kinds, or docker compose up", detail },
    );
  }
  if (host.platform === "linux" && host.libc !== "glibc") {
    throw new ToolError(
      "PLATFORM_UNSUPPORTED",
      `the native engine needs glibc; this system uses ${host.libc === "musl" ? "musl (Alpine?)" : "another C library"}`,
      { hint: "use a glibc distribution (Debian, Ubuntu, Fedora, ...), or docker compose up", detail },
    );
  }
  return name;
}
