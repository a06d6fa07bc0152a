import type { DatabaseStatus, DbStatusResult, ServerStatus } from "../../actions/db-status.ts";
import type { SessionPicture, TablePicture } from "../../postgres/database-picture.ts";
import type { AppShare, OwnerId } from "../../postgres/database-verdict.ts";
import type { Look } from "./look.ts";
import { renderBytes } from "./render-bytes.ts";
import { marks, paint } from "./styles.ts";
import { renderTable } from "./table.ts";
import { wrapText } from "./wrap-text.ts";

const TITLES: Readonly<Record<OwnerId, string>> = {
  airflow: "Airflow",
  mlflow: "MLflow",
  "mlflow-auth": "MLflow users",
};

/** Wider text is hard to read, whatever the terminal. */
const TEXT_COLUMNS = 100;

/** How many names of a kind are shown before the rest is counted. */
const SHOWN = 5;

/** What each database is, why, what to do, and what is in it. */
export function renderDbStatus({ servers, databases }: DbStatusResult, look: Look): string {
  return servers
    .map((server) =>
      [
        serverLine(server, look),
        ...databases.filter((one) => one.server === server.name).flatMap((one) => ["", ...databaseLines(one, look)]),
        ...server.closed.flatMap((name) => ["", `  ${paint(look, "bold", name)}  closed for connections`]),
        ...server.kept.flatMap((name) => [
          "",
          `  ${paint(look, "bold", name)}  kept by db split as it was; to remove it: bulkhead db split --finish`,
        ]),
      ].join("\n"),
    )
    .join("\n\n");
}

function serverLine({ name, version, inRecovery }: ServerStatus, look: Look): string {
  const number = version >= 100_000 ? `${Math.floor(version / 10_000)}.${version % 10_000}` : String(version);
  return `${paint(look, "bold", name)}  PostgreSQL ${number}${inRecovery ? ", a read-only replica" : ""}`;
}

function databaseLines({ picture, verdict }: DatabaseStatus, look: Look): readonly string[] {
  const { done, failed } = marks(look);
  const mark = verdict.isFaulty ? paint(look, "red", failed) : paint(look, "green", done);
  const size = picture.bytes === undefined ? "" : `  ${renderBytes(picture.bytes)}`;
  const state = verdict.state === null ? "no known state" : `state ${verdict.state}`;
  const sure = verdict.certain ? "" : ", not certain";
  return [
    `  ${mark} ${paint(look, "bold", picture.name)}${size}  ${paint(look, "dim", `${state}${sure}`)}`,
    ...indented(verdict.fact, 4, look),
    ...verdict.because.flatMap((line) => indented(line, 4, look).map((text) => paint(look, "dim", text))),
    ...(verdict.printed === undefined ? [] : ["    it prints:", `      ${verdict.printed}`]),
    ...(verdict.refusal === undefined ? [] : indented(`Cannot be split: ${verdict.refusal}`, 4, look)),
    // Not wrapped: a command has to be in one piece to be pasted.
    ...(verdict.isFaulty ? ["    next:", ...verdict.next.map((line) => `      ${line}`)] : []),
    ...shareTable(picture.tables, verdict.shares, verdict.strangers.length, look),
    ...aside(picture),
  ];
}

interface ShareRow {
  readonly app: string;
  readonly schema: string;
  readonly tables: readonly TablePicture[];
  readonly revision: string;
}

function shareTable(
  tables: readonly TablePicture[],
  shares: readonly AppShare[],
  strangers: number,
  look: Look,
): readonly string[] {
  const owned = new Set(shares.flatMap((share) => share.tables.map(keyOf)));
  const rows: ShareRow[] = shares.map((share) => {
    const own = new Set(share.tables.map(keyOf));
    return {
      app: `${TITLES[share.owner]}${share.isSkeleton ? " (empty)" : ""}`,
      schema: share.schema,
      tables: tables.filter((table) => own.has(keyOf(table))),
      revision: share.isSkeleton ? "" : revisionOf(share),
    };
  });
  if (strangers > 0) {
    const others = tables.filter((table) => !owned.has(keyOf(table)) && !table.name.startsWith("alembic_version"));
    const schemas = [...new Set(others.map(({ schema }) => schema))];
    rows.push({ app: "others", schema: schemas.join(", "), tables: others, revision: "" });
  }
  const text = renderTable(
    [
      { title: "whose", cell: ({ app }) => ({ text: app }) },
      { title: "schema", cell: ({ schema }) => ({ text: schema }) },
      { title: "tables", cell: (row) => ({ text: String(row.tables.length) }) },
      { title: "rows", cell: (row) => ({ text: countOf(row.tables) }) },
      { title: "size", cell: (row) => ({ text: renderBytes(row.tables.reduce((sum, { bytes }) => sum + bytes, 0)) }) },
      {
        title: "owner",
        cell: (row) => ({ text: [...new Set(row.tables.map(({ owner }) => owner))].join(", ") }),
        dropOrder: 2,
      },
      { title: "revision by its tables", cell: ({ revision }) => ({ text: revision }), dropOrder: 1 },
    ],
    rows,
    { ...look, width: look.width - 4 },
  );
  return text === "" ? [] : ["", ...text.split("\n").map((line) => `    ${line}`)];
}

function revisionOf({ revision: { fingerprint, outOfOrder } }: AppShare): string {
  if (fingerprint !== undefined) return fingerprint;
  return outOfOrder.length > 0 ? "out of order" : "none";
}

/** `1,204`; `~1,204` by PostgreSQL's estimate, `~1,204+` where not even that is known of some, `?` of all. */
function countOf(tables: readonly TablePicture[]): string {
  const known = tables.flatMap(({ rows, estimatedRows }) => rows ?? estimatedRows ?? []);
  if (known.length === 0) return tables.length === 0 ? "0" : "?";
  const sum = Math.round(known.reduce((total, rows) => total + rows, 0)).toLocaleString("en");
  if (tables.every(({ rows }) => rows !== undefined)) return sum;
  return `~${sum}${known.length < tables.length ? "+" : ""}`;
}

function aside({
  views,
  routines,
  triggers,
  types,
  extensions,
  sequences,
  largeObjects,
  sessions,
}: DatabaseStatus["picture"]): readonly string[] {
  const orphans = sequences.filter(({ ownedBy }) => ownedBy === undefined);
  const lines = [
    named(
      "views",
      views.map(({ name }) => name),
    ),
    named(
      "functions",
      routines.map(({ name }) => name),
    ),
    named(
      "triggers",
      triggers.map(({ table, name }) => `${name} on ${table}`),
    ),
    named(
      "types",
      types.map(({ name }) => name),
    ),
    named(
      "extensions",
      extensions.map(({ name, version }) => `${name} ${version}`),
    ),
    named(
      "sequences of no column",
      orphans.map(({ name }) => name),
    ),
    largeObjects === 0 ? undefined : `large objects: ${largeObjects}`,
    named("sessions", sessions.map(sessionText)),
  ].flatMap((line) => line ?? []);
  return lines.length === 0 ? [] : ["", ...lines.map((line) => `    ${line}`)];
}

function named(kind: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const texts = [...counts].map(([name, count]) => (count === 1 ? name : `${name} (${count} times)`));
  const more = texts.length - SHOWN;
  return `${kind}: ${texts.slice(0, SHOWN).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function sessionText({ role, application, address, state }: SessionPicture): string {
  const from = address === undefined ? "" : ` from ${address}`;
  return `${role}${application === "" ? "" : ` as ${application}`}${from}${state === undefined ? "" : `, ${state}`}`;
}

function indented(text: string, by: number, look: Look): readonly string[] {
  const width = Math.max(30, Math.min(TEXT_COLUMNS, look.width) - by);
  return wrapText(text, width).map((line) => " ".repeat(by) + line);
}

function keyOf({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return JSON.stringify([schema, name]);
}
