import type { Fix, TextEdit } from "../core/fix.ts";
import type { EditStep } from "../edit/edit-kit.ts";
import type { DatabaseServer } from "../topology/topology.ts";
import type { AlembicUse } from "./alembic-uses.ts";
import type { Move, NewDatabase } from "./move-connections.ts";
import type { Subject } from "./rule.ts";
import { touchedPaths } from "./touched-paths.ts";

/** What makes a new database: its edits, what they touch, and what its users wait for. */
export interface DatabasePlan extends NewDatabase {
  readonly steps: readonly EditStep[];
  readonly touches: readonly (readonly string[])[];
  readonly title: string;
  /** Of the new role's password. */
  readonly passwordVariable: string | undefined;
  /** For `Fix.copies`. */
  readonly copies: Readonly<Record<string, string>>;
}

/** A new database and the connections that go there. */
export interface Separation {
  readonly made: DatabasePlan;
  readonly moved: Move;
}

/**
 * The fix that makes databases and moves connections there.
 *
 * @param from what they leave, whose data stays together
 */
export function fixOfMoves(
  subject: Subject,
  from: Pick<AlembicUse, "database"> & { readonly server: DatabaseServer },
  parts: readonly Separation[],
): Fix | undefined {
  const { edit } = subject;
  const passwords = parts.flatMap(({ made: { passwordVariable } }) =>
    passwordVariable === undefined ? [] : [{ variable: passwordVariable, value: edit.newPassword(passwordVariable) }],
  );
  const edits = edit.sequence([
    ...parts.flatMap(({ moved }) => moved.steps),
    ...parts.flatMap(({ made }) => made.steps),
    ...passwords.map(
      ({ variable, value }): EditStep =>
        (kit) =>
          kit.setVariable(variable, value),
    ),
  ]);
  if (edits === undefined) return undefined;
  return {
    class: "behaviour",
    title: parts.map(({ made }) => made.title).join(", "),
    edits,
    touches: touchesOf(
      subject,
      edits,
      parts.flatMap(({ made, moved }) => [...made.touches, ...moved.touches]),
    ),
    copies: Object.assign({}, ...parts.map(({ made }) => made.copies)) as Record<string, string>,
    secrets: passwords.map(({ value }) => value),
    remark: tellData(subject, from),
  };
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
function tellData(
  { project, sources }: Subject,
  { server: { service }, database }: Parameters<typeof fixOfMoves>[1],
): string {
  const binds = (project.services[service]?.volumes ?? []).flatMap(({ type, source }) =>
    type === "bind" ? (source ?? []) : [],
  );
  const hasData = binds.some((path) => sources.kindOf(`${path}/PG_VERSION`) === "file");
  const stays = `stays together in \`${database}\`; \`bulkhead db split\` separates it`;
  return hasData
    ? `The data that ${service} holds already ${stays}`
    : `Data that ${service} may hold from an earlier start ${stays}`;
}
