import { knownRevisions } from "../catalog/known-revisions.ts";
import { celeryTables } from "../catalog/airflow/companion-tables.ts";
import { findOlderShape } from "./find-older-shape.ts";
import {
  cannotLocate,
  evidenceOf,
  fits,
  isClear,
  judgement,
  ownerTitles,
  rowsEvidence,
  titleOf,
  type JudgeContext,
  type Judgement,
} from "./judgement.ts";
import { quoteRelation } from "./quote-relation.ts";
import type { Compartment, Share } from "./read-compartments.ts";

const MIGRATE = {
  airflow: "airflow db migrate",
  mlflow: "mlflow db upgrade URL",
  "mlflow-auth": "python -m mlflow.server.auth db upgrade --url URL",
} as const;

/** Judges a schema that one application has for itself. */
export function judgeAlone(compartment: Compartment, share: Share, context: JudgeContext): Judgement {
  const { owner, revision } = share;
  const because = [evidenceOf(share), rowsEvidence(compartment)];
  const clear = isClear(share);
  const name = ownerTitles[owner];
  const ids = ownRows(compartment, share);
  const [id, second] = ids;
  if (id === undefined) return judgeWithoutRow(share, because);
  if (second !== undefined) return judgeTwoRows(compartment, share, because);
  const row = compartment.rows.find((one) => one.id === id);
  const isOwn = revision.recorded.includes(id);
  if (!isOwn && row !== undefined && row.knownTo.length > 0) {
    return judgement({
      certain: clear,
      fact: `${titleOf(share)} alone, and the version row ${id} is another application's.`,
      because,
      printed: cannotLocate(id),
      next: [
        shapeRow(share) ?? `Compare with a fresh database of the same ${name} release before anything is set.`,
        "Find out which service was pointed at this database by mistake, and give it a database of its own.",
      ],
    });
  }
  if (!isOwn) return judgeNewer(share, id, because, true);
  if (!fits(share, id)) return judgeMisfit(share, id, because);
  return judgeFitting(compartment, share, id, { because, context, clear });
}

function judgeFitting(
  compartment: Compartment,
  share: Share,
  id: string,
  { because, context, clear }: { because: readonly string[]; context: JudgeContext; clear: boolean },
): Judgement {
  const { owner } = share;
  const name = ownerTitles[owner];
  const installed = context.installed[owner];
  const release = knownRevisions[owner]().releasesAt(id);
  if (installed !== undefined && !installed.heads.includes(id)) {
    if (!installed.revisions.includes(id)) return judgeNewer(share, id, because, clear);
    if (release !== undefined) return judgeOlder(share, id, because, installed.heads.join(", "));
  }
  if (release === undefined && installed?.heads.includes(id) !== true) {
    return judgement({
      state: 13,
      certain: clear,
      fact: `${name} alone, at revision ${id} between two releases: a migration was interrupted.`,
      because,
      printed: outOfDate(share, id, installed?.heads[0]),
      next: [`Run the migration again with the same version, it goes on where it stopped: ${MIGRATE[owner]}`],
    });
  }
  const fab = judgeUsers(compartment, share, because);
  if (fab !== undefined) return fab;
  const hasCelery = owner === "airflow" && share.tables.some(({ name: table }) => celeryTables.includes(table));
  const aside = owner === "airflow" ? "MLflow" : "Airflow";
  return judgement({
    state: hasCelery ? 21 : owner === "airflow" ? 2 : owner === "mlflow" ? 4 : null,
    certain: clear,
    isFaulty: false,
    fact: `${titleOf(share)} alone, at its revision ${id}${hasCelery ? ", with Celery's results beside its tables" : ""}.`,
    because,
    next: [
      ...(hasCelery ? ["Celery's two tables belong to Airflow and go where it goes."] : []),
      `Nothing. ${aside} pointed here would fail: it needs a database of its own.`,
    ],
  });
}

/** Airflow 3 keeps a history of its users' tables; from 2.x they are there without one. */
function judgeUsers(compartment: Compartment, share: Share, because: readonly string[]): Judgement | undefined {
  const names = new Set(share.tables.map(({ name }) => name));
  const isThree = names.has("dag_version") && names.has("asset");
  if (share.owner !== "airflow" || !isThree || !names.has("ab_user")) return undefined;
  if (compartment.versionTables.includes("alembic_version_fab")) return undefined;
  return judgement({
    state: 19,
    certain: false,
    fact: `${titleOf(share)} alone, with tables of users (ab_*) and no alembic_version_fab.`,
    because: [...because, "With the FAB auth manager Airflow 3 keeps their revision in alembic_version_fab."],
    printed: `(psycopg2.errors.DuplicateTable) relation "ab_permission" already exists`,
    next: [
      "Without the FAB auth manager these tables are not used, and nothing has to be done.",
      "With it: install a newer apache-airflow-providers-fab (airflow #55856) and run: airflow db migrate",
    ],
  });
}

function judgeWithoutRow(share: Share, because: readonly string[]): Judgement {
  const { owner } = share;
  const name = ownerTitles[owner];
  const danger =
    owner === "airflow"
      ? "Do not run airflow db migrate first: it would record its newest revision without changing the tables."
      : "Do not start a newer MLflow first: it would run its migrations from the beginning.";
  return judgement({
    state: owner === "mlflow" ? 18 : null,
    certain: isClear(share),
    fact: `${titleOf(share)} alone, and its version row is gone.`,
    because,
    printed:
      owner === "airflow"
        ? undefined
        : `(psycopg2.errors.DuplicateColumn) column "step" of relation "metrics" already exists`,
    next: [
      danger,
      shapeRow(share) ?? `Compare with a fresh database of the same ${name} release before a row is written.`,
    ],
  });
}

function judgeTwoRows({ rows }: Compartment, share: Share, because: readonly string[]): Judgement {
  const own = share.revision.recorded;
  const [first = "", second = ""] = own.length > 1 ? own : rows.map(({ id }) => id);
  const allOwn = rows.every(({ of }) => of === share.owner);
  return judgement({
    state: allOwn ? 17 : null,
    certain: isClear(share),
    fact: allOwn
      ? `${titleOf(share)} alone, with ${rows.length} rows in its version table.`
      : `${titleOf(share)} alone, with ${rows.length} rows in its version table that are not all its own.`,
    because,
    printed: allOwn
      ? `Requested revision ${second} overlaps with other requested revisions ${first}`
      : cannotLocate(rows.find(({ of }) => of !== share.owner)?.id ?? second),
    next: [shapeRow(share) ?? "Compare with a fresh database of the same release before a row is removed."],
  });
}

function judgeNewer(share: Share, id: string, because: readonly string[], isKnown: boolean): Judgement {
  const name = ownerTitles[share.owner];
  const newest = knownRevisions[share.owner]().history.revisions.at(-1) ?? "";
  const looksNewer = share.shape.unknownColumns.length > 0 && share.shape.outOfOrder.length === 0;
  const known = knownRevisions[share.owner]().history.revisions.includes(id);
  return judgement({
    state: 11,
    certain: isKnown && known && isClear(share),
    fact: `${name} alone, at revision ${id}, which ${known ? "the installed version" : "no release known here"} does not have.`,
    because: [
      ...because,
      ...(looksNewer
        ? [`Columns that are newer than ${newest}: ${share.shape.unknownColumns.slice(0, 4).join(", ")}.`]
        : []),
    ],
    printed: cannotLocate(id),
    next: [
      `Start the newer ${name} that wrote this database again, or restore a backup from before the upgrade.`,
      ...(known ? [] : [`If ${id} is not ${name}'s: another application was pointed at this database.`]),
    ],
  });
}

function judgeOlder(share: Share, id: string, because: readonly string[], head: string): Judgement {
  const { owner } = share;
  return judgement({
    state: 12,
    certain: isClear(share),
    fact: `${titleOf(share)} alone, at revision ${id}; the installed version wants ${head}.`,
    because,
    printed: outOfDate(share, id, head),
    next: ["Make a backup: bulkhead db backup", `Then run the migration of the installed version: ${MIGRATE[owner]}`],
  });
}

/** A row of the application's own that its tables do not have. */
function judgeMisfit(share: Share, id: string, because: readonly string[]): Judgement {
  const { owner, shape } = share;
  const { revisions } = knownRevisions[owner]().history;
  const name = ownerTitles[owner];
  const isKnown = revisions.includes(id);
  if (!isKnown) return judgeNewer(share, id, because, true);
  const at = shape.revision === undefined ? undefined : revisions.indexOf(shape.revision);
  if (at !== undefined && at > revisions.indexOf(id)) {
    return judgement({
      certain: isClear(share),
      fact: `${name} alone: its tables are those of revision ${shape.revision}, its row says the older ${id}.`,
      because,
      printed: `(psycopg2.errors.DuplicateColumn) column ... already exists`,
      next: [shapeRow(share) ?? "", "Then start the version that these tables belong to."],
    });
  }
  const older =
    shape.revision === undefined ? findOlderShape(knownRevisions[owner]().history, share.pictures) : undefined;
  return judgement({
    state: 10,
    certain: isClear(share),
    fact:
      (shape.revision ?? older?.revision) === undefined
        ? `${name} alone: its row says ${id}, and its tables were never brought there.`
        : `${name} alone: its row says ${id}, its tables are those of the older revision ${shape.revision ?? older?.revision}.`,
    because: [
      ...because,
      ...(older === undefined
        ? []
        : [`Without the empty tables ${older.newer.join(", ")} they are those of revision ${older.revision}.`]),
    ],
    printed: `(psycopg2.errors.UndefinedColumn) column ... does not exist`,
    next: [
      "Make a backup: bulkhead db backup",
      ...(older === undefined
        ? []
        : [`Drop the empty tables, which the migration makes again: ${dropTables(share, older.newer)}`]),
      shapeRow(share, older?.revision) ??
        "Compare with a fresh database of the older release before the row is set to the revision that its columns have.",
      `Then run the migration: ${MIGRATE[owner]}`,
    ],
  });
}

/** The statement that writes the row the tables tell; undefined where they do not tell it. */
function shapeRow({ shape, schema, revision }: Share, id = shape.revision): string | undefined {
  if (id === undefined) return undefined;
  const table = quoteRelation({ schema, name: revision.versionTable });
  return `Set the row that the tables tell, in one transaction: DELETE FROM ${table}; INSERT INTO ${table} (version_num) VALUES ('${id}');`;
}

function dropTables({ schema }: Share, names: readonly string[]): string {
  return `DROP TABLE ${names.map((name) => quoteRelation({ schema, name })).join(", ")};`;
}

function outOfDate({ owner }: Share, id: string, head: string | undefined): string {
  return owner === "airflow"
    ? "You need to upgrade the database. Please run `airflow db migrate`."
    : `Detected out-of-date database schema (found version ${id}, but expected ${head ?? "another"}).`;
}

/** Ids in the version table that counts for a share. */
function ownRows({ rows }: Compartment, { revision }: Share): readonly string[] {
  return revision.versionTable === "alembic_version" ? rows.map(({ id }) => id) : revision.recorded;
}
