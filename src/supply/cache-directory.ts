import type { Host } from "../ports/host.ts";

/**
 * Absolute directory for everything that can be fetched or built again: `BULKHEAD_CACHE_DIR`, else the platform's own
 * place for it (`/var/cache/bulkhead` for root, `~/Library/Caches` on macOS, `$XDG_CACHE_HOME` or `~/.cache`).
 * A relative `XDG_CACHE_HOME` is ignored, as the XDG specification asks.
 */
export function cacheDirectory(host: Pick<Host, "env" | "home" | "platform" | "uid" | "cwd">): string {
  const named = host.env.BULKHEAD_CACHE_DIR;
  if (named !== undefined && named !== "") return named.startsWith("/") ? named : `${host.cwd}/${named}`;
  if (host.uid === 0) return "/var/cache/bulkhead";
  if (host.platform === "darwin") return `${host.home}/Library/Caches/bulkhead`;
  const xdg = host.env.XDG_CACHE_HOME;
  return xdg !== undefined && xdg.startsWith("/") ? `${xdg}/bulkhead` : `${host.home}/.cache/bulkhead`;
}
