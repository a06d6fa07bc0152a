import { describe, expect, it } from "vitest";
import { emptyTable, pictureOf, tablesAtRevision } from "../../test/helpers/picture-at-revision.ts";
import { airflowHistory } from "../catalog/airflow/history.ts";
import { mlflowAuthHistory, mlflowHistory } from "../catalog/mlflow/history.ts";
import type { DatabasePicture, TablePicture } from "./database-picture.ts";
import { judgeDatabase } from "./judge-database.ts";
import type { JudgeContext } from "./judgement.ts";

const histories = { airflow: airflowHistory(), mlflow: mlflowHistory(), auth: mlflowAuthHistory() };

const tables = (of: keyof typeof histories, id: string, schema?: string): TablePicture[] =>
  tablesAtRevision(histories[of], histories[of].revisions.indexOf(id), schema);

/** The tables MLflow makes before its first revision. */
const initial = (rows: number) => tablesAtRevision(histories.mlflow, -1).map((table) => ({ ...table, rows }));
const table = (name: string, ...columns: string[]) => emptyTable("public", name, columns);

const AIRFLOW = "405de8318b3a";
const MLFLOW = "7f2a7d5fae7d";
const airflow = tables("airflow", AIRFLOW);
const mlflow = tables("mlflow", MLFLOW);
const both = [...airflow, ...mlflow];

const installed = (of: "airflow" | "mlflow", head: string): Partial<JudgeContext> => {
  const { revisions } = histories[of];
  return { installed: { [of]: { heads: [head], revisions: revisions.slice(0, revisions.indexOf(head) + 1) } } };
};

const told = (picture: DatabasePicture, given: Partial<JudgeContext> = {}) => {
  const { state, certain, isFaulty, printed } = judgeDatabase(picture, given);
  return { state, certain, isFaulty, printed };
};

describe("judgeDatabase", () => {
  it.each<[string, DatabasePicture, number | null, boolean]>([
    ["nothing", pictureOf([]), 1, false],
    ["an empty version table", pictureOf([], []), 1, false],
    ["Airflow", pictureOf(airflow, [AIRFLOW]), 2, false],
    ["Airflow with the leavings of a failed MLflow start", pictureOf([...airflow, ...initial(0)], [AIRFLOW]), 3, true],
    ["MLflow", pictureOf(mlflow, [MLFLOW]), 4, false],
    ["both under Airflow's row", pictureOf(both, [AIRFLOW]), 5, true],
    ["both under MLflow's row", pictureOf(both, [MLFLOW]), 6, true],
    ["both under both rows", pictureOf(both, [AIRFLOW, MLFLOW]), 7, true],
    ["both without a row", pictureOf(both, []), 8, true],
    ["both without a version table", pictureOf(both), 8, true],
    ["older tables under a newer row", pictureOf(airflow, ["5f2621c13b39"]), 10, true],
    ["tables between two releases", pictureOf(tables("airflow", "375a816bbbf4"), ["375a816bbbf4"]), 13, true],
    ["MLflow's first tables, empty", pictureOf(initial(0)), 13, true],
    ["two rows of one history", pictureOf(airflow, [AIRFLOW, "98ae134e6fff"]), 17, true],
    ["MLflow without its row", pictureOf(mlflow, []), 18, true],
    ["Airflow without its row", pictureOf(airflow, []), null, true],
    ["a newer row over older tables' set back", pictureOf(airflow, ["98ae134e6fff"]), null, true],
    ["Airflow under MLflow's row", pictureOf(airflow, [MLFLOW]), null, true],
    ["a row without tables", pictureOf([], [AIRFLOW]), null, true],
    ["tables of nobody", pictureOf([table("orders", "id")]), null, false],
  ])("tells %s", (_, picture, state, isFaulty) => {
    expect(told(picture)).toMatchObject({ state, certain: true, isFaulty });
  });

  it("tells what the installed release makes of a row", () => {
    const picture = pictureOf(airflow, [AIRFLOW]);
    expect(told(picture, installed("airflow", AIRFLOW))).toMatchObject({ state: 2, isFaulty: false });
    expect(told(picture, installed("airflow", "22ed7efa9da2"))).toMatchObject({ state: 12, certain: true });
    expect(told(picture, installed("airflow", "98ae134e6fff"))).toMatchObject({ state: 11, certain: true });
    expect(told(pictureOf(mlflow, [MLFLOW]), installed("mlflow", "0584bdc529eb")).printed).toBe(
      `Detected out-of-date database schema (found version ${MLFLOW}, but expected 0584bdc529eb).`,
    );
  });

  it("is not certain of a row that nobody knows", () => {
    expect(told(pictureOf(airflow, ["aaaaaaaaaaaa"]))).toEqual({
      state: 11,
      certain: false,
      isFaulty: true,
      printed: "alembic.util.exc.CommandError: Can't locate revision identified by 'aaaaaaaaaaaa'",
    });
  });

  it("decides by the tables whose a revision is that both have", () => {
    const id = "a1b2c3d4e5f6";
    const newAirflow = tables("airflow", "d2f4e1b3c5a7");
    const spans = tables("mlflow", id);
    const verdicts = [
      judgeDatabase(pictureOf([...newAirflow, ...spans], [id])),
      judgeDatabase(pictureOf([...tables("airflow", id), ...mlflow], [id])),
    ];
    expect(verdicts.map(({ state }) => state)).toEqual([6, 5]);
    const undecided = judgeDatabase(pictureOf([...newAirflow, ...mlflow], [id]));
    expect(undecided).toMatchObject({ state: 9, certain: false });
    expect(undecided.shares.map(({ revision }) => revision.recorded)).toEqual([[], []]);
  });

  it("sees that MLflow went on from a revision of Airflow that has the same id", () => {
    const before = new Set(tables("mlflow", "a1b2c3d4e5f6").map(({ name }) => name));
    const later = tables("mlflow", "bf29a5ff90ea").filter(({ name }) => !before.has(name));
    const picture = pictureOf([...tables("airflow", "a1b2c3d4e5f6"), ...initial(1), ...later], ["bf29a5ff90ea"]);
    expect(told(picture)).toMatchObject({ state: 9, certain: false });
  });

  it("tells MLflow's users from MLflow, and that both may share from 3.6 on", () => {
    const users = tables("auth", "8606fa83a998");
    const old = judgeDatabase(pictureOf([...mlflow, ...users], ["8606fa83a998"]));
    expect(old).toMatchObject({ state: 14, certain: true });
    expect(old.shares.map(({ owner }) => owner)).toEqual(["mlflow", "mlflow-auth"]);
    const own = { ...table("alembic_version_auth", "version_num") };
    const shared = pictureOf([...mlflow, ...users, own], [MLFLOW]);
    const rows = { schema: "public", name: own.name, owner: "app", rows: ["8606fa83a998"], unreadable: undefined };
    const verdict = judgeDatabase({ ...shared, versionTables: [...shared.versionTables, rows] });
    expect(verdict).toMatchObject({ state: 4, isFaulty: false });
    expect(verdict.shares.map(({ revision }) => revision.versionTable)).toEqual([
      "alembic_version",
      "alembic_version_auth",
    ]);
  });

  it("names a third application and refuses", () => {
    const optuna = [
      table("studies", "study_id", "study_name"),
      table("trials", "trial_id"),
      table("trial_params", "a"),
    ];
    const verdict = judgeDatabase(pictureOf([...mlflow, ...optuna], ["v3.2.0.a"]));
    expect(verdict).toMatchObject({ state: 15, certain: true });
    expect(verdict.refusal).toContain("Optuna");
    expect(verdict.strangers.map(({ name, tells }) => `${name} ${tells}`)).toEqual([
      "studies Optuna",
      "trials Optuna",
      "trial_params Optuna",
    ]);
    const unknown = judgeDatabase(pictureOf([...mlflow, table("invoices", "id")], ["aaaaaaaaaaaa"]));
    expect(unknown).toMatchObject({ state: 15, certain: false });
    expect(unknown.refusal).toBeDefined();
  });

  it("refuses Airflow with Superset, whose users stand in the same tables", () => {
    const superset = [table("slices", "id"), table("dashboards", "id"), table("dbs", "id")];
    const verdict = judgeDatabase(pictureOf([...airflow, ...superset], [AIRFLOW]));
    expect(verdict).toMatchObject({ state: 16, certain: true, isFaulty: true });
    expect(verdict.refusal).toContain("ab_*");
    const own = [...airflow.filter(({ name }) => name.startsWith("ab_")), ...superset];
    expect(judgeDatabase(pictureOf(own, ["c22cb5c2e546"]))).toMatchObject({ state: null, isFaulty: false, shares: [] });
    expect(judgeDatabase(pictureOf(own, []))).toMatchObject({ state: 16, certain: false, shares: [] });
  });

  it("leaves a user's own tables to the user", () => {
    const verdict = judgeDatabase(pictureOf([...both, table("jobs", "id", "salary"), table("orders")], [AIRFLOW]));
    expect(verdict).toMatchObject({ state: 5, certain: true, refusal: undefined });
    expect(verdict.strangers.map(({ name }) => name)).toEqual(["jobs", "orders"]);
  });

  it("does not take tables for empty leavings that hold a row, or may", () => {
    expect(told(pictureOf([...airflow, ...initial(3)], [AIRFLOW])).state).not.toBe(3);
    const unknown = initial(0).map((one) => ({ ...one, rows: undefined }));
    const verdict = judgeDatabase(pictureOf([...airflow, ...unknown], [AIRFLOW]));
    expect(verdict.state).not.toBe(3);
    expect(verdict.certain).toBe(false);
    expect(verdict.shares.every(({ isSkeleton }) => !isSkeleton)).toBe(true);
  });

  it("tells Airflow 3's users without their history, not certain that they are used", () => {
    const head = "fe199e1abd77";
    expect(told(pictureOf(tables("airflow", head), [head]))).toMatchObject({ state: 19, certain: false });
  });

  it("gives Celery's tables to Airflow", () => {
    const celery = [
      table("celery_taskmeta", "id", "task_id", "status", "result", "date_done", "traceback"),
      table("celery_tasksetmeta", "id", "taskset_id", "result", "date_done"),
    ];
    const verdict = judgeDatabase(pictureOf([...airflow, ...celery], [AIRFLOW]));
    expect(verdict).toMatchObject({ state: 21, isFaulty: false, strangers: [] });
    expect(judgeDatabase(pictureOf(celery)).strangers).toHaveLength(2);
  });

  it("tells tables that their application does not find, or may not change", () => {
    const elsewhere = pictureOf(tables("airflow", AIRFLOW, "flow"), [AIRFLOW], "flow");
    expect(told(elsewhere)).toMatchObject({ state: 20, certain: false });
    expect(told(elsewhere, { visibleSchemas: ["flow"] })).toMatchObject({ state: 2 });
    expect(told({ ...elsewhere, searchedSchemas: ["flow"] })).toMatchObject({ state: 2 });
    const mixed = airflow.map((one, at) => (at === 3 ? { ...one, owner: "postgres" } : one));
    expect(told(pictureOf(mixed, [AIRFLOW]))).toMatchObject({ state: 20, certain: true });
    const roles = { airflow: { name: "flow", actsAs: ["flow"] } };
    expect(told(pictureOf(airflow, [AIRFLOW]), { roles })).toMatchObject({ state: 20, certain: true });
    expect(
      told(pictureOf(airflow, [AIRFLOW]), { roles: { airflow: { name: "x", actsAs: ["x", "app"] } } }),
    ).toMatchObject({ state: 2 });
  });

  it("lets applications be in schemas of their own, and tells a shared one that is not public", () => {
    const apart = pictureOf([...airflow, ...tables("mlflow", MLFLOW, "ml")], [AIRFLOW]);
    const ml = { schema: "ml", name: "alembic_version", owner: "app", rows: [MLFLOW], unreadable: undefined };
    const own = { ...apart, versionTables: [...apart.versionTables, ml], searchedSchemas: ["ml"] };
    expect(judgeDatabase(own)).toMatchObject({ state: null, isFaulty: false, certain: true });
    const inOne = [...tables("airflow", AIRFLOW, "apps"), ...tables("mlflow", MLFLOW, "apps")];
    expect(told(pictureOf(inOne, [AIRFLOW], "apps"), { visibleSchemas: ["apps"] })).toMatchObject({ state: 5 });
  });

  it("says what could not be read", () => {
    const picture = pictureOf(both, []);
    const locked = picture.versionTables.map((one) => ({ ...one, unreadable: "a running migration holds it locked" }));
    const verdict = judgeDatabase({ ...picture, versionTables: locked });
    expect(verdict).toMatchObject({ state: null, certain: false, isFaulty: true });
    expect(verdict.fact).toContain("a running migration holds it locked");
  });

  it("names the database in what to do", () => {
    expect(judgeDatabase(pictureOf(both, [AIRFLOW]), { subject: "postgres/airflow" }).next).toEqual([
      "bulkhead db split postgres/airflow",
    ]);
  });
});
