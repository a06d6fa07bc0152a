import type { Fix, TextEdit } from "../core/fix.ts";
import type { EditStep } from "../edit/edit-kit.ts";
import type { DatabaseServer } from "../topology/topology.ts";
import type { AlembicUse } from "./alembic-uses.ts";
import { moveConnections, type NewDatabase } from "./move-connections.ts";
import { planOwnDatabase } from "./plan-own-database.ts";
import { planSiblingServer } from "./plan-sibling-server.ts";
import type { Subject } from "./rule.ts";
import { touchedPaths } from "./touched-paths.ts";

/** What makes a new database: its edits, what they touch, and what its users wait for. */
export interface DatabasePlan extends NewDatabase {
  readonly steps: readonly EditStep[];
  readonly touches: readonly (readonly string[])[];
  readonly title: string;
  readonly passwordVariable: string;
  /** For `Fix.copies`. */
  readonly copies: Readonly<Record<string, string>>;
}

/**
 * Gives each application but the one that stays a PostgreSQL server of its own, or with `--same-server` or the name of a
 * server that is there a database and a role on that one, and moves its connections. Undefined where the server is not of this project, or a
 * connection stands where it cannot be rewritten.
 */
export function separateDatabases(subject: Subject, stays: AlembicUse, movers: readonly AlembicUse[]): Fix | undefined {
  const { edit, options, topology } = subject;
  const { server } = stays;
  if (server === undefined) return undefined;
  const named = topology.servers.find(({ service }) => service === options.toServer);
  const there = options.sameServer ? server : named;
  const parts = movers.map((mover) => {
    const name = nameFor(there, mover);
    const made = there
      ? planOwnDatabase(subject, there, name)
      : planSiblingServer(subject, server, name, options.toServer);
    const moved = made && moveConnections(subject, mover, server, made);
    return made === undefined || moved === undefined ? undefined : { made, moved };
  });
  const known = parts.filter((part) => part !== undefined);
  const [first] = known;
  if (first === undefined || known.length < parts.length) return undefined;
  const passwords = known.map(({ made }) => edit.newPassword(made.passwordVariable));
  const edits = edit.sequence([
    ...known.flatMap(({ moved }) => moved.steps),
    ...known.flatMap(({ made }) => made.steps),
    ...known.map(
      ({ made }, at): EditStep =>
        (kit) =>
          kit.setVariable(made.passwordVariable, passwords[at] ?? ""),
    ),
  ]);
  if (edits === undefined) return undefined;
  return {
    class: "behaviour",
    title: known.map(({ made }) => made.title).join(", "),
    edits,
    touches: touchesOf(
      subject,
      edits,
      known.flatMap(({ made, moved }) => [...made.touches, ...moved.touches]),
    ),
    copies: Object.assign({}, ...known.map(({ made }) => made.copies)) as Record<string, string>,
    secrets: passwords,
    remark: tellData(subject, server),
  };
}

/** Free for the new role and database on a server that is there. */
function nameFor(server: DatabaseServer | undefined, { connection }: AlembicUse): string {
  const wanted = (connection.app ?? connection.service).replaceAll("-", "_");
  if (server === undefined) return wanted;
  const taken = new Set([...server.databases, ...server.roles].map(({ name }) => name));
  let name = wanted;
  for (let at = 2; taken.has(name); at++) name = `${wanted}_${at}`;
  return name;
}

function touchesOf(
  { project }: Subject,
  edits: readonly TextEdit[],
  meant: readonly (readonly string[])[],
): readonly (readonly string[])[] {
  const isAnchored = ([, , key]: readonly string[]) => key === "depends_on" || key === "environment";
  const keys = [...new Set(meant.filter(isAnchored).map((path) => path.slice(2)))];
  const extensions = Object.keys(project.extensions).flatMap((name) => keys.map((key) => [name, ...key]));
  return [...meant, ...extensions, ...touchedPaths(project, edits)];
}

/** A bind mount shows whether the server ran already; a volume does not. */
function tellData({ project, sources }: Subject, { service, database }: DatabaseServer): string {
  const binds = (project.services[service]?.volumes ?? []).flatMap(({ type, source }) =>
    type === "bind" ? (source ?? []) : [],
  );
  const hasData = binds.some((path) => sources.kindOf(`${path}/PG_VERSION`) === "file");
  const stays = `stays together in \`${database}\`; \`bulkhead db split\` separates it`;
  return hasData
    ? `The data that ${service} holds already ${stays}`
    : `Data that ${service} may hold from an earlier start ${stays}`;
}
