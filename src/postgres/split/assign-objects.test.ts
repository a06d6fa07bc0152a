import { describe, expect, it } from "vitest";
import { assignObjects } from "./assign-objects.ts";
import type { SplitObject, SplitObjectKind } from "./split-facts.ts";

const object = (kind: SplitObjectKind, name: string, ...needs: string[]): SplitObject => ({
  key: name,
  kind,
  schema: "public",
  name,
  identity: `public.${name}`,
  owner: "airflow",
  needs,
  granted: [],
});

const known = new Map([
  ["public.dag", ["airflow"] as const],
  ["public.celery_taskmeta", ["airflow"] as const],
  ["public.runs", ["mlflow"] as const],
  ["public.secrets", ["mlflow"] as const],
  ["public.alembic_version", ["airflow", "mlflow"] as const],
]);

const tables = ["dag", "celery_taskmeta", "runs", "secrets", "alembic_version"].map((name) => object("table", name));

function assign(...objects: SplitObject[]) {
  const { sides, strangers, torn } = assignObjects({ objects: [...tables, ...objects] }, known, "airflow");
  return {
    sideOf: (name: string) => [...(sides.get(name) ?? [])].toSorted(),
    strangers: strangers.map(({ object, side }) => `${object.name} ${side}`),
    torn: torn.map(({ name }) => name),
  };
}

describe("assignObjects", () => {
  it("gives known tables to their applications and a version table to each", () => {
    const { sideOf, strangers } = assign();
    expect(sideOf("dag")).toEqual(["airflow"]);
    expect(sideOf("runs")).toEqual(["mlflow"]);
    expect(sideOf("alembic_version")).toEqual(["airflow", "mlflow"]);
    expect(strangers).toEqual([]);
  });

  it("sends a trigger's function, a type and a sequence where they are used", () => {
    const secrets = object("table", "secrets2", "secrets", "prevent_secrets_aad_mutation", "level", "shared_seq");
    const own = new Map([...known, ["public.secrets2", ["mlflow"] as const]]);
    const dag = object("table", "dag2", "shared_seq");
    own.set("public.dag2", ["airflow"] as const);
    const objects = [
      ...tables,
      secrets,
      dag,
      object("function", "prevent_secrets_aad_mutation"),
      object("type", "level"),
      object("sequence", "shared_seq"),
    ];
    const { sides, strangers } = assignObjects({ objects }, own, "airflow");
    expect([...(sides.get("prevent_secrets_aad_mutation") ?? [])]).toEqual(["mlflow"]);
    expect([...(sides.get("level") ?? [])]).toEqual(["mlflow"]);
    expect([...(sides.get("shared_seq") ?? [])].toSorted()).toEqual(["airflow", "mlflow"]);
    expect(strangers).toEqual([]);
  });

  it("keeps a user's own table, function and type with the original, and names them", () => {
    const { sideOf, strangers } = assign(
      object("table", "notes", "mood"),
      object("type", "mood"),
      object("function", "f"),
    );
    expect([sideOf("notes"), sideOf("mood"), sideOf("f")]).toEqual([["airflow"], ["airflow"], ["airflow"]]);
    expect(strangers).toEqual(["notes airflow", "f airflow"]);
  });

  it("moves a view, and a view over it, with the tables they show, and the function they call", () => {
    const { sideOf, strangers } = assign(
      object("view", "best_runs", "runs", "score"),
      object("view", "best_of_best", "best_runs"),
      object("function", "score"),
    );
    expect([sideOf("best_runs"), sideOf("best_of_best"), sideOf("score")]).toEqual([
      ["mlflow"],
      ["mlflow"],
      ["mlflow"],
    ]);
    expect(strangers).toEqual(["best_runs mlflow", "best_of_best mlflow"]);
  });

  it("leaves a view over tables of both in the original alone", () => {
    const { sideOf, strangers, torn } = assign(object("view", "both", "runs", "dag"));
    expect(sideOf("both")).toEqual([]);
    expect(strangers).toEqual(["both undefined"]);
    expect(torn).toEqual([]);
  });

  it("moves a user's table that refers to the other application's, and names one torn between two", () => {
    const { sideOf, torn } = assign(object("table", "ratings", "runs"), object("table", "links", "runs", "dag"));
    expect(sideOf("ratings")).toEqual(["mlflow"]);
    expect(torn).toEqual(["links"]);
  });

  it("names an application's table that refers to another's", () => {
    const objects = [...tables.filter(({ name }) => name !== "runs"), object("table", "runs", "dag")];
    expect(assignObjects({ objects }, known, "airflow").torn.map(({ name }) => name)).toEqual(["runs"]);
  });

  it("does not take a version table for something that ties objects together", () => {
    const { sideOf } = assign(object("view", "revision", "alembic_version"));
    expect(sideOf("revision")).toEqual(["airflow"]);
  });

  it("knows Celery's sequences, which no column owns", () => {
    const { objects } = { objects: [...tables, object("sequence", "task_id_sequence")] };
    const { sides, strangers } = assignObjects({ objects }, known, "mlflow");
    expect([...(sides.get("task_id_sequence") ?? [])]).toEqual(["airflow"]);
    expect(strangers).toEqual([]);
  });
});
