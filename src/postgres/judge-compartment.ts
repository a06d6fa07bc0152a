import { judgeAlone } from "./judge-alone.ts";
import { judgeSkeleton, judgeTogether } from "./judge-together.ts";
import {
  cannotLocate,
  evidenceOf,
  joinWords,
  judgement,
  rowsEvidence,
  titleOf,
  type JudgeContext,
  type Judgement,
} from "./judgement.ts";
import type { Compartment } from "./read-compartments.ts";

/** Judges one schema: whose it is, and what that means. */
export function judgeCompartment(compartment: Compartment, context: JudgeContext): Judgement {
  const { shares, strangers, others, rows, versionTable } = compartment;
  const full = shares.filter(({ isSkeleton }) => !isSkeleton);
  const skeleton = shares.find(({ isSkeleton }) => isSkeleton);
  const because = [...shares.map(evidenceOf), rowsEvidence(compartment)];
  if (shares.length === 0) return judgeStrangers(compartment);
  if (versionTable?.unreadable !== undefined) {
    return judgement({
      certain: false,
      fact: `${joinWords(shares.map(titleOf))}, and the version table could not be read: ${versionTable.unreadable}.`,
      because,
      next: ["Repeat the command as the owner of the tables or as a superuser, when no migration runs."],
    });
  }
  const third = judgeThird(compartment, because, context);
  if (third !== undefined) return third;
  const [only, second] = full.filter(({ revision }) => revision.versionTable === "alembic_version");
  const airflow = full.find(({ owner }) => owner === "airflow");
  const remnants = full.filter(({ isWhole }) => !isWhole);
  if (remnants.length > 0 && !full.every(({ shape }) => shape.revision !== undefined)) {
    return judgement({
      certain: false,
      fact: `${joinWords(full.map(titleOf))}, of which tables are missing.`,
      because,
      printed: rows[0] === undefined ? undefined : cannotLocate(rows[0].id),
      next: ["Restore a backup, or compare with a fresh database of the same version before anything is changed."],
    });
  }
  if (skeleton !== undefined && airflow !== undefined) return judgeSkeleton(compartment, airflow, skeleton, context);
  if (second !== undefined)
    return judgeTogether(
      compartment,
      full.filter(({ revision }) => revision.versionTable === "alembic_version"),
      context,
    );
  const alone = only ?? full[0];
  if (alone !== undefined) return judgeAlone(compartment, alone, context);
  return judgement({
    state: rows.length === 0 ? 13 : null,
    certain: strangers.length === 0,
    fact:
      rows.length === 0
        ? "MLflow's first tables, empty: its first start was interrupted."
        : "MLflow's first tables, empty, under a version row that no table here explains.",
    because,
    printed: rows[0] === undefined || others.length > 0 ? undefined : cannotLocate(rows[0].id),
    next:
      rows.length === 0
        ? ["Start MLflow again: it goes on where it stopped."]
        : ["Give MLflow an empty database of its own; nothing is lost, these tables hold no row."],
  });
}

/** An application that no separation is known for. */
function judgeThird(
  { shares, strangers, others, rows }: Compartment,
  because: readonly string[],
  { subject }: JudgeContext,
): Judgement | undefined {
  const names = joinWords(shares.map(titleOf));
  const superset = others.find(({ name }) => name === "Superset");
  const sharesUsers = shares.some(
    ({ owner, tables }) => owner === "airflow" && tables.some(({ name }) => name === "ab_user"),
  );
  if (superset !== undefined && sharesUsers) {
    return judgement({
      state: 16,
      fact: `${names} and Superset in one database: both keep their users in the same ab_* tables.`,
      because: [...because, `Tables of Superset: ${listNames(strangers)}.`],
      printed: rows[0] === undefined ? undefined : cannotLocate(rows[0].id),
      refusal: "Airflow and Superset share the tables ab_*: each row may be of either.",
      next: [
        "Make a backup: bulkhead db backup",
        "Give Superset an empty database, start it there and import what was exported from here: superset export-dashboards",
      ],
    });
  }
  const unknown = rows.filter(({ knownTo }) => knownTo.length === 0);
  const history = others.filter(({ usesAlembic }) => usesAlembic);
  if (history.length === 0 && (unknown.length === 0 || strangers.length === 0)) return undefined;
  const third =
    history.length === 0 ? "an application that is not known here" : joinWords(history.map(({ name }) => name));
  return judgement({
    state: 15,
    certain: history.length > 0,
    fact: `${names} and ${third} in one database.`,
    because: [...because, `Tables of nobody known: ${listNames(strangers)}.`],
    printed: rows[0] === undefined ? undefined : cannotLocate((unknown[0] ?? rows[0]).id),
    refusal: `${third} keeps an Alembic history of its own in alembic_version: which row is whose is not known.`,
    next: [
      "Make a backup: bulkhead db backup",
      `Give ${third} a database of its own with its own tools, then: bulkhead db status ${subject}`,
    ],
  });
}

function judgeStrangers({ strangers, others, rows, versionTable, schema }: Compartment): Judgement {
  const because =
    versionTable === undefined
      ? []
      : [rowsEvidence({ schema, rows, versionTable, shares: [], strangers, others, versionTables: [] })];
  const ours = rows.find(({ knownTo }) => knownTo.length > 0);
  const isSuperset = others.some(({ name }) => name === "Superset") && strangers.some(({ name }) => name === "ab_user");
  if (isSuperset && (rows.length === 0 || ours !== undefined)) {
    return judgement({
      state: 16,
      certain: false,
      fact: "Superset, and its version row is gone: another application was to share this database.",
      because: [
        ...because,
        "Airflow cannot migrate beside it: both use the tables ab_*, and an index of each is called ti_dag_state.",
      ],
      printed: `(psycopg2.errors.DuplicateTable) relation "ti_dag_state" already exists`,
      refusal: "Airflow and Superset share the tables ab_*: each row may be of either.",
      next: [
        "Give Airflow an empty database of its own and migrate there: it has no tables here.",
        "Restore Superset's version row from a backup, or export from it: superset export-dashboards",
      ],
    });
  }
  if (strangers.length > 0) {
    const names = others.length === 0 ? "" : ` of ${joinWords(others.map(({ name }) => name))}`;
    return judgement({
      isFaulty: ours !== undefined,
      certain: ours === undefined,
      fact: `${strangers.length} tables${names}, none of Airflow or MLflow.`,
      because,
      next: ["Nothing. Airflow and MLflow need databases of their own."],
    });
  }
  if (rows.length === 0) {
    return judgement({
      state: 1,
      isFaulty: false,
      fact: "Empty: no application was here yet.",
      because,
      next: ["Give each application a database of its own before its first start."],
    });
  }
  return judgement({
    fact: "A version row, and no table it could belong to.",
    because,
    printed: cannotLocate(rows[0]?.id ?? ""),
    next: ["DROP TABLE alembic_version; makes it an empty database that an application can start with."],
  });
}

function listNames(tables: readonly { readonly name: string }[]): string {
  const shown = tables.slice(0, 5).map(({ name }) => name);
  return tables.length > shown.length
    ? `${shown.join(", ")} and ${tables.length - shown.length} more`
    : shown.join(", ");
}
