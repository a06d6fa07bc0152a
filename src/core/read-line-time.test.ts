import { describe, expect, it } from "vitest";

import { readLineTime } from "./read-line-time.ts";

const at = (text: string): number => Date.parse(text);

describe("readLineTime", () => {
  it("reads what PostgreSQL, Airflow 2 and 3 and MLflow write", () => {
    expect(readLineTime("2026-11-23 06:37:58.902 UTC [5380] LOG:  starting")).toBe(at("2026-11-23T06:37:58.902Z"));
    expect(readLineTime("[2026-11-23T06:37:58.902+0000] {scheduler.py:1} INFO")).toBe(at("2026-11-23T06:37:58.902Z"));
    expect(readLineTime("2026-11-23T06:37:58.902123Z [info     ] Starting")).toBe(at("2026-11-23T06:37:58.902Z"));
    expect(readLineTime("2026/11/23 06:37:58 INFO mlflow.server: x")).toBe(at("2026-11-23T06:37:58"));
    expect(readLineTime("2026/11/23 06:37:58 INFO mlflow.server: x", "utc")).toBe(at("2026-11-23T06:37:58Z"));
    expect(readLineTime("[2026-11-23 06:37:58 +0900] [7] [INFO] Booting", "utc")).toBe(at("2026-11-22T21:37:58Z"));
    expect(readLineTime("INFO:     Uvicorn running on http://127.0.0.1:5000")).toBeUndefined();
    expect(readLineTime("Traceback (most recent call last):")).toBeUndefined();
  });
});
