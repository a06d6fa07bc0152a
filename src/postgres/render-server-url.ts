import type { ServerAccess } from "../ports/server-access.ts";

/**
 * A server's URL for a command that is pasted, quoted for a POSIX shell. Without the password, which that command finds where
 * this one did.
 */
export function renderServerUrl({ label, role }: Pick<ServerAccess, "label" | "role">, database: string): string {
  const place = label.startsWith("/")
    ? `/${encodeURIComponent(database)}?host=${encodeURIComponent(label.replace(/:\d+$/, ""))}&port=${/\d+$/.exec(label)?.[0]}`
    : `${label}/${encodeURIComponent(database)}`;
  return `'postgresql://${encodeURIComponent(role)}@${place}'`;
}
