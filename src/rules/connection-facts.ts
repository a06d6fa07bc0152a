import type { Connection } from "../topology/topology.ts";
import { aboutConnection } from "./judged-connections.ts";
import { maskAddress } from "./mask-address.ts";
import type { Fault } from "./rule.ts";

/** What every fault about a connection tells besides: whose it is and its effective text. */
export function connectionFacts(connection: Connection): Pick<Fault, "services" | "about" | "effective"> {
  const effective = maskAddress(connection);
  return {
    services: [connection.service],
    about: [aboutConnection(connection)],
    ...(effective === undefined ? {} : { effective }),
  };
}
