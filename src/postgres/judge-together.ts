import {
  cannotLocate,
  evidenceOf,
  fits,
  isClear,
  joinWords,
  judgement,
  ownerTitles,
  rowsEvidence,
  titleOf,
  type JudgeContext,
  type Judgement,
} from "./judgement.ts";
import type { Compartment, Share } from "./read-compartments.ts";

const MORE_HEADS = "Version table 'alembic_version' has more than one head present; please use get_current_heads()";
const DUPLICATE_STEP = `(psycopg2.errors.DuplicateColumn) column "step" of relation "metrics" already exists`;

/** Judges a schema in which several applications keep their history in one `alembic_version`. */
export function judgeTogether(
  compartment: Compartment,
  shares: readonly Share[],
  { subject }: JudgeContext,
): Judgement {
  const because = [...shares.map(evidenceOf), rowsEvidence(compartment)];
  const names = joinWords(shares.map(titleOf));
  const split = [`bulkhead db split ${subject}`];
  const { rows } = compartment;
  const airflow = shares.find(({ owner }) => owner === "airflow");
  const certain = shares.every(isClear) && rows.every(({ of }) => of !== undefined);
  if (airflow === undefined) return judgeUsersOfMlflow(compartment, shares, { because, split, certain });
  const rest = shares.filter((share) => share !== airflow);
  const [id] = rows.map((row) => row.id);
  if (rows.length === 0) {
    return judgement({
      state: 8,
      certain,
      fact: `${names} in one database, and the version row is gone.`,
      because,
      printed: DUPLICATE_STEP,
      next: [
        "Start neither of them, and do not run airflow db migrate: it would record its newest revision without changing the tables.",
        ...split,
      ],
    });
  }
  const isOf = (owner: Share["owner"]) => rows.filter((row) => row.of === owner);
  const ofAirflow = isOf("airflow").length;
  const ofRest = rest.reduce((sum, { owner }) => sum + isOf(owner).length, 0);
  const rewritten = findRewritten(compartment, shares);
  if (rewritten !== undefined) {
    return judgement({
      state: 9,
      certain: false,
      fact: `${names} in one database: ${rewritten} seems to have gone on from a revision of the other that has the same id.`,
      because,
      next: [
        "Make a backup: bulkhead db backup",
        ...split,
        "Where that refuses, compare the tables whose marks are out of order with a fresh database of the same version.",
      ],
    });
  }
  const [having, lacking] = [true, false].map((has) =>
    joinWords(shares.filter(({ owner }) => isOf(owner).length > 0 === has).map(({ owner }) => ownerTitles[owner])),
  );
  if (ofAirflow > 0 && ofRest > 0) {
    const hold = lacking === "" ? ", each with its row in one alembic_version" : `; rows are there of ${having} only`;
    return judgement({
      state: 7,
      certain,
      fact: `${names} in one database${hold}.`,
      because,
      printed: MORE_HEADS,
      next: split,
    });
  }
  const both = { because, printed: cannotLocate(id ?? ""), next: split };
  if (ofAirflow > 0 && rows.length === ofAirflow) {
    return judgement({
      ...both,
      state: 5,
      certain: certain && ofAirflow === 1,
      fact: `${names} in one database; the version row is Airflow's, so ${lacking} cannot start.`,
    });
  }
  if (ofRest > 0 && rows.length === ofRest) {
    return judgement({
      ...both,
      state: 6,
      certain: certain && ofRest === 1,
      fact: `${names} in one database; the version row is ${having}'s, so ${lacking} cannot start.`,
    });
  }
  return judgement({
    ...both,
    certain: false,
    fact: `${names} in one database; whose the version row is, is not known.`,
  });
}

/** Airflow with at most the five empty tables of a failed MLflow start. */
export function judgeSkeleton(
  compartment: Compartment,
  airflow: Share,
  skeleton: Share,
  { subject }: JudgeContext,
): Judgement {
  const { rows } = compartment;
  const [id = ""] = rows.map((row) => row.id);
  const because = [evidenceOf(airflow), evidenceOf(skeleton), rowsEvidence(compartment)];
  const left = `${skeleton.tables.length} empty tables that a failed MLflow start left`;
  const isUsual = rows.length === 1 && rows[0]?.of === "airflow" && fits(airflow, id);
  return judgement({
    state: isUsual ? 3 : null,
    certain: isUsual && isClear(airflow),
    fact: `${titleOf(airflow)} with ${left}${isUsual ? "" : ", and a version table that does not fit"}.`,
    because,
    printed: rows.length === 0 ? undefined : cannotLocate(id),
    next: [
      `bulkhead db split ${subject}`,
      "It gives MLflow a database of its own and drops the empty tables here; Airflow keeps all it has.",
    ],
  });
}

function judgeUsersOfMlflow(
  compartment: Compartment,
  shares: readonly Share[],
  { because, split, certain }: { because: readonly string[]; split: readonly string[]; certain: boolean },
): Judgement {
  const [id = ""] = compartment.rows.map((row) => row.id);
  return judgement({
    state: 14,
    certain,
    fact: `${joinWords(shares.map(titleOf))} in one database, with one alembic_version for two histories.`,
    because,
    printed: cannotLocate(id),
    next: [
      ...split,
      "From 3.6 on MLflow keeps the second history in alembic_version_auth, and both may share a database.",
    ],
  });
}

/**
 * The application that went on from another's row: a row of one id for two, or later marks without the earlier ones
 * under a row of its own.
 */
function findRewritten({ rows }: Compartment, shares: readonly Share[]): string | undefined {
  const shared = rows.find(({ knownTo, of }) => knownTo.length > 1 && of === undefined);
  if (shared !== undefined) return joinWords(shared.knownTo.map((owner) => ownerTitles[owner]));
  const gone = shares.find(({ owner, shape }) => shape.outOfOrder.length > 0 && rows.some(({ of }) => of === owner));
  return gone === undefined ? undefined : ownerTitles[gone.owner];
}
