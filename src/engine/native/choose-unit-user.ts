import { ToolError } from "../../core/tool-error.ts";
import type { Host, HostUser } from "../../ports/host.ts";

/** The account units run as, and whether we have to switch to it. */
export interface UnitUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** Given to children when we are root; absent otherwise: they run as we do. */
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
  /** Our own account's name, which may log in to PostgreSQL over the socket too. */
  readonly ownName: string;
}

const candidates = ["bulkhead", "nobody"];

/**
 * PostgreSQL refuses to run as root. As root, units run as `$BULKHEAD_USER`, else the account behind sudo, else
 * `bulkhead` where there is one, else `nobody`; otherwise as ourselves.
 */
export async function chooseUnitUser(host: Host): Promise<UnitUser> {
  if (host.uid !== 0) {
    const name = host.env["USER"] ?? host.env["LOGNAME"] ?? String(host.uid);
    return { name, uid: host.uid, gid: host.gid, owner: undefined, ownName: name };
  }
  const wanted = host.env["BULKHEAD_USER"];
  const sudo = host.env["SUDO_USER"];
  for (const name of [wanted, sudo, ...candidates]) {
    if (name === undefined || name === "" || name === "root") continue;
    const user = await host.user(name);
    if (user !== undefined) return asUnitUser(user);
    if (name === wanted) throw noUser(name);
  }
  throw noUser("nobody");
}

function asUnitUser(user: HostUser): UnitUser {
  return { name: user.name, uid: user.uid, gid: user.gid, owner: { uid: user.uid, gid: user.gid }, ownName: "root" };
}

function noUser(name: string): ToolError {
  return new ToolError(
    "PLATFORM_UNSUPPORTED",
    `There is no account ${name} to run PostgreSQL as, and PostgreSQL refuses to run as root.`,
    {
      hint: "useradd --system bulkhead",
    },
  );
}
