import type { DatabaseServer } from "../topology/topology.ts";

/** A name that no database and no role of the server has: the wanted one, else with `_2`. */
export function freeDatabaseName({ databases, roles }: DatabaseServer, wanted: string): string {
  const taken = new Set([...databases, ...roles].map(({ name }) => name));
  let name = wanted;
  for (let at = 2; taken.has(name); at++) name = `${wanted}_${at}`;
  return name;
}
