import { chooseUnitUser } from "../../engine/native/choose-unit-user.ts";
import { openUrlAccess } from "../../postgres/open-url-access.ts";
import { cacheDirectory } from "../../supply/cache-directory.ts";
import type { ActionContext } from "../context.ts";
import type { StatusPlace } from "./status-place.ts";

/** A server by URL; the database that the URL names, or `database`, is the only one that is meant. Throws as openUrlAccess. */
export async function openUrlStatusPlace(
  context: ActionContext,
  url: string,
  database: string | undefined,
): Promise<StatusPlace> {
  const { ports, resources, emit, signal } = context;
  const user = await chooseUnitUser(ports.host);
  const unitUser = { uid: user.uid, gid: user.gid };
  const access = await openUrlAccess(
    { io: ports, cache: cacheDirectory(ports.host), resources, unitUser, emit, signal },
    url,
  );
  return {
    access,
    maintenance: access.database ?? "postgres",
    database: database ?? access.database,
    installed: {},
    isUsed: () => false,
    usersOf: () => [],
    subjectOf: (name) => `--url ${renderUrl(access, name)}`,
  };
}

/** Without the password, which further commands find where this one did. */
function renderUrl({ label, role }: StatusPlace["access"], database: string): string {
  const place = label.startsWith("/")
    ? `/${encodeURIComponent(database)}?host=${encodeURIComponent(label.replace(/:\d+$/, ""))}&port=${/\d+$/.exec(label)?.[0]}`
    : `${label}/${encodeURIComponent(database)}`;
  return `'postgresql://${encodeURIComponent(role)}@${place}'`;
}
