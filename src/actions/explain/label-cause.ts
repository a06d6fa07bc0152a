import type { Label } from "../../core/finding.ts";
import type { Cause } from "../../diagnose/fold-causes.ts";
import { labelAddress } from "../../rules/label-address.ts";
import type { Connection } from "../../topology/topology.ts";
import type { KnownStack } from "./stack-facts-of.ts";

/** Where the Compose file says what a cause is about: the part of the address that its service connects with. */
export function labelCause(stack: KnownStack | undefined, cause: Cause): readonly Label[] {
  const { part } = cause;
  if (stack === undefined || part === undefined) return [];
  const connection = findConnection(stack, cause);
  if (connection === undefined) return [];
  const told = cause.names[part];
  const written = part === "all" || part === "scheme" ? undefined : connection[part];
  // The files may have been changed since the logs were written.
  const isSame = told === undefined || written === undefined || told === String(written);
  const text = isSame ? `${connection.service} connects with this` : `${connection.service} has this here now`;
  const labels = labelAddress(stack.project, connection, part, text);
  return labels.filter(({ span }) => span.file !== "");
}

/** Of the services it happened to, the one whose address agrees with most of the names in the lines. */
function findConnection({ topology }: KnownStack, { services, names }: Cause): Connection | undefined {
  const own = topology.connections.filter(({ service }) => services.includes(service));
  const agrees = ({ host, user, database }: Connection): number =>
    [
      [names["host"], host],
      [names["user"], user],
      [names["database"], database],
    ].filter(([told, written]) => told !== undefined && told === written).length;
  return own.toSorted((left, right) => agrees(right) - agrees(left))[0];
}
