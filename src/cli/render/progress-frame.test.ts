import { describe, expect, it } from "vitest";
import type { ProgressEvent } from "../../core/event.ts";
import { PLAIN_LOOK } from "./look.ts";
import { isMoving, progressFrame } from "./progress-frame.ts";
import { plainProgressLine } from "./progress-plain.ts";
import { NO_PROGRESS, reduceProgress, type ProgressState } from "./progress-state.ts";
import { serviceText } from "./progress-text.ts";
import { textWidth } from "./text-width.ts";

const after = (events: readonly ProgressEvent[], now = 0): ProgressState =>
  events.reduce((state, event) => reduceProgress(state, event, now), NO_PROGRESS);

const START: readonly ProgressEvent[] = [
  { type: "prepare", subject: "PostgreSQL 17", phase: "found" },
  { type: "prepare", subject: "uv", phase: "ready", seconds: 1.2 },
  { type: "prepare", subject: "MLflow 3.17.2", phase: "downloading", detail: "12 of 40 MB" },
  { type: "service", service: "postgres", state: "ready", seconds: 0.8 },
  { type: "service", service: "airflow-migrate", state: "starting", detail: "migrating" },
  { type: "service", service: "airflow-scheduler", state: "waiting", detail: "airflow-migrate (completed)" },
  { type: "service", service: "mlflow", state: "exited", detail: "No module named \u001b[1m'psycopg'\n" },
  { type: "step", id: "airflow: DAG run success", outcome: "running" },
];

describe("progressFrame", () => {
  it("shows one line a preparation, service and running step", () => {
    const lines = progressFrame(after(START), { width: 80, height: 20 }, 7500, PLAIN_LOOK);
    expect(lines.join("\n")).toMatchInlineSnapshot(`
      " ✔ uv                 ready in 1.2 s
       ⠴ MLflow 3.17.2      downloading 12 of 40 MB  7.5 s
       ✔ postgres           ready in 0.8 s
       ⠴ airflow-migrate    migrating  7.5 s
       · airflow-scheduler  waiting for airflow-migrate (completed)
       ✘ mlflow             exited: No module named 'psycopg'
       ⠴   airflow: DAG run success  7.5 s"
    `);
  });

  it("leaves behind what was reached, and nothing that moves", () => {
    const lines = progressFrame(after(START), { width: 80, height: 20 }, 7500, PLAIN_LOOK, true);
    expect(lines.join("\n")).toMatchInlineSnapshot(`
      " ✔ uv                 ready in 1.2 s
       · MLflow 3.17.2      downloading 12 of 40 MB
       ✔ postgres           ready in 0.8 s
       · airflow-migrate    migrating
       · airflow-scheduler  waiting for airflow-migrate (completed)
       ✘ mlflow             exited: No module named 'psycopg'"
    `);
  });

  it("never fills the last column, whatever the width", () => {
    for (const width of [1, 2, 5, 12, 20, 33, 60]) {
      const lines = progressFrame(after(START), { width, height: 20 }, 7500, { ...PLAIN_LOOK, colour: true });
      expect(Math.max(...lines.map(textWidth))).toBeLessThan(Math.max(width, 1));
    }
    expect(progressFrame(after(START), { width: 40, height: 20 }, 0, PLAIN_LOOK)[4]).toBe(
      " · airflow-scheduler  waiting for airf…",
    );
  });

  it("never is higher than the terminal: folds what is done, then counts the rest", () => {
    expect(progressFrame(after(START), { width: 60, height: 5 }, 0, PLAIN_LOOK).join("\n")).toMatchInlineSnapshot(`
      " ✔ 2 done
       ✘ mlflow             exited: No module named 'psycopg'
       ⠋ MLflow 3.17.2      downloading 12 of 40 MB  0.0 s
       ⠋ airflow-migrate    migrating  0.0 s
       · 2 more"
    `);
    for (const height of [1, 2, 3, 4, 5, 6, 7]) {
      expect(progressFrame(after(START), { width: 60, height }, 0, PLAIN_LOOK).length).toBeLessThanOrEqual(height);
    }
  });

  it("uses ASCII where there is no Unicode", () => {
    const text = progressFrame(after(START), { width: 40, height: 20 }, 100, { ...PLAIN_LOOK, unicode: false }).join(
      "",
    );
    expect(text).toMatch(/^[\u0020-\u007e]+$/);
  });

  it("counts time from when the state began; running counters do not start it again", () => {
    let state = reduceProgress(
      NO_PROGRESS,
      { type: "service", service: "a", state: "preparing", detail: "downloading 1 of 40 MB" },
      1000,
    );
    state = reduceProgress(
      state,
      { type: "service", service: "a", state: "preparing", detail: "downloading 2.5 of 40 MB" },
      2000,
    );
    expect(progressFrame(state, { width: 80, height: 9 }, 4000, PLAIN_LOOK)).toEqual([
      " ⠋ a  downloading 2.5 of 40 MB  3.0 s",
    ]);
    state = reduceProgress(state, { type: "service", service: "a", state: "starting" }, 4000);
    expect(progressFrame(state, { width: 80, height: 9 }, 4500, PLAIN_LOOK)).toEqual([" ⠴ a  starting  0.5 s"]);
  });
});

describe("isMoving", () => {
  it("is true while something is under way", () => {
    expect(isMoving(after(START))).toBe(true);
    expect(isMoving(after([{ type: "service", service: "a", state: "waiting" }]))).toBe(true);
    expect(
      isMoving(
        after([
          { type: "service", service: "a", state: "ready" },
          { type: "prepare", subject: "uv", phase: "found" },
        ]),
      ),
    ).toBe(false);
  });
});

describe("serviceText", () => {
  it.each<[Parameters<typeof serviceText>[0], ReturnType<typeof serviceText>]>([
    [
      { state: "preparing", detail: undefined, seconds: undefined },
      { text: "preparing", tone: "waiting" },
    ],
    [
      { state: "preparing", detail: "reading", seconds: undefined },
      { text: "reading", tone: "active" },
    ],
    [
      { state: "stopped", detail: "stopping", seconds: undefined },
      { text: "stopping", tone: "active" },
    ],
    [
      { state: "stopped", detail: undefined, seconds: 0.5 },
      { text: "stopped in 0.5 s", tone: "idle" },
    ],
    [
      { state: "ready", detail: "all well", seconds: 2 },
      { text: "ready in 2.0 s", tone: "done", aside: "all well" },
    ],
    [
      { state: "exited", detail: "exited with code 1", seconds: undefined },
      { text: "exited with code 1", tone: "failed" },
    ],
    [
      { state: "exited", detail: "no module", seconds: undefined },
      { text: "exited: no module", tone: "failed" },
    ],
    [
      { state: "crash-loop", detail: "code 1", seconds: undefined },
      { text: "crash loop: code 1", tone: "failed" },
    ],
  ])("%j is %j", (progress, text) => {
    expect(serviceText(progress)).toEqual(text);
  });
});

describe("plainProgressLine", () => {
  const lines = (events: readonly ProgressEvent[]) => {
    let state = NO_PROGRESS;
    return events.flatMap((event) => {
      const line = plainProgressLine(state, event);
      state = reduceProgress(state, event, 0);
      return line === undefined ? [] : [line];
    });
  };

  it("writes a line a change", () => {
    expect(
      lines([
        { type: "service", service: "airflow-migrate", state: "preparing" },
        ...START,
        { type: "prepare", subject: "MLflow 3.17.2", phase: "downloading", detail: "13 of 40 MB" },
        { type: "service", service: "airflow-migrate", state: "starting", detail: "migrating" },
        { type: "service", service: "airflow-migrate", state: "completed", seconds: 7.5 },
        { type: "service", service: "airflow-scheduler", state: "ready", detail: "heartbeat 1 s ago", seconds: 9 },
        { type: "warning", service: "mlflow", message: "would have failed" },
        { type: "step", id: "airflow: DAG run success", outcome: "ok", seconds: 1 },
      ]).join("\n"),
    ).toMatchInlineSnapshot(`
      "uv: ready in 1.2 s
      MLflow 3.17.2: downloading 12 of 40 MB
      postgres: ready in 0.8 s
      airflow-migrate: migrating
      airflow-scheduler: waiting for airflow-migrate (completed)
      mlflow: exited: No module named 'psycopg'
      airflow-migrate: completed in 7.5 s
      airflow-scheduler: ready in 9.0 s (heartbeat 1 s ago)
      warning: mlflow: would have failed"
    `);
  });
});
