import { describe, expect, it } from "vitest";

import { parseLogLine } from "./parse-log-line.ts";

const at = (text: string): number => Date.parse(text);
const message = "alembic.util.exc.CommandError: Can't locate revision";

describe("parseLogLine", () => {
  it.each<[string, string, string | undefined, string | undefined]>([
    ["docker compose logs", `mlflow-1  | ${message}`, "mlflow", undefined],
    ["its colours", `\u001B[36mmlflow-1  | \u001B[0m${message}\u001B[0m`, "mlflow", undefined],
    ["docker-compose 1", `mlflow_1           | ${message}`, "mlflow", undefined],
    ["a container_name", `postgres-airflow  | ${message}`, "postgres-airflow", undefined],
    [
      "docker compose logs -t",
      `mlflow-1  | 2025-07-04T01:02:03.123456789Z ${message}`,
      "mlflow",
      "2025-07-04T01:02:03.123Z",
    ],
    ["docker logs -t", `2025-07-04T01:02:03.123456789Z ${message}`, undefined, "2025-07-04T01:02:03.123Z"],
    ["no collector", message, undefined, undefined],
    ["CRLF", `mlflow-1  | ${message}\r`, "mlflow", undefined],
    ["journalctl", `Jul 04 01:02:03 host mlflow[812]: ${message}`, "mlflow", undefined],
    ["journalctl of the kernel", `Jul 04 01:02:03 host kernel: ${message}`, undefined, undefined],
    ["journalctl of dockerd", `Jul 04 01:02:03 host dockerd[812]: ${message}`, undefined, undefined],
    [
      "journalctl -o short-iso",
      `2025-07-04T01:02:03+0900 host mlflow.service[812]: ${message}`,
      "mlflow",
      "2025-07-03T16:02:03Z",
    ],
    [
      "kubectl logs --prefix",
      `[pod/airflow-scheduler-7d9c5b9f4-x2x4q/scheduler] ${message}`,
      "airflow-scheduler",
      undefined,
    ],
    ["a stateful set", `[pod/mlflow-0/mlflow] ${message}`, "mlflow", undefined],
    [
      "kubectl logs --prefix --timestamps",
      `[pod/mlflow-0/mlflow] 2025-07-04T01:02:03.123456789Z ${message}`,
      "mlflow",
      "2025-07-04T01:02:03.123Z",
    ],
    [
      "the runtime's own files",
      `2025-07-04T10:02:03.123456789+09:00 stderr F ${message}`,
      undefined,
      "2025-07-04T01:02:03.123Z",
    ],
    ["GitHub Actions", `2025-07-04T01:02:03.1234567Z ${message}`, undefined, "2025-07-04T01:02:03.123Z"],
    [
      "gh run view --log",
      `test\tStart the stack\t2025-07-04T01:02:03.1234567Z mlflow-1  | ${message}`,
      "mlflow",
      "2025-07-04T01:02:03.123Z",
    ],
    ["GitLab", `2025-07-04T01:02:03.123456Z 01O ${message}`, undefined, "2025-07-04T01:02:03.123Z"],
    ["Jenkins", `[2025-07-04T01:02:03.123Z] ${message}`, undefined, "2025-07-04T01:02:03.123Z"],
    [
      "docker's json-file",
      JSON.stringify({ log: `${message}\n`, stream: "stderr", time: "2025-07-04T01:02:03.123456789Z" }),
      undefined,
      "2025-07-04T01:02:03.123Z",
    ],
    [
      "journalctl -o json",
      JSON.stringify({ MESSAGE: message, __REALTIME_TIMESTAMP: "1751590923123000", CONTAINER_NAME: "mlflow" }),
      "mlflow",
      "2025-07-04T01:02:03.123Z",
    ],
  ])("reads %s", (_, line, service, time) => {
    expect(parseLogLine(line)).toEqual({ service, time: time === undefined ? undefined : at(time), text: message });
  });

  it("leaves an application's own time in the text, and reads it", () => {
    const line = "2026-11-23 06:37:58.902 UTC [63] FATAL:  x";
    expect(parseLogLine(`postgres-1  | ${line}`)).toEqual({
      service: "postgres",
      time: at("2026-11-23T06:37:58.902Z"),
      text: line,
    });
    expect(parseLogLine("2026/11/23 06:37:58 INFO mlflow: x").time).toBe(at("2026-11-23T06:37:58Z"));
    const structlog = "2026-11-23T06:37:58.902123Z [error    ] Task failed [task]";
    expect(parseLogLine(structlog)).toEqual({
      service: undefined,
      time: at("2026-11-23T06:37:58.902Z"),
      text: structlog,
    });
  });

  it("joins what Airflow 3's JSON tells of an exception", () => {
    const line = JSON.stringify({
      timestamp: "2026-11-23T06:37:58.902123Z",
      level: "error",
      event: "Task failed with exception",
      error_detail: [{ exc_type: "OperationalError", exc_value: "connection refused\nis it running?", frames: [] }],
    });
    expect(parseLogLine(`airflow-scheduler-1  | ${line}`)).toEqual({
      service: "airflow-scheduler",
      time: at("2026-11-23T06:37:58.902Z"),
      text: "[error] Task failed with exception: OperationalError: connection refused is it running?",
    });
  });

  it.each(["{", "{}", '{"log": 1}', "[]", "null", '{"event": "x"', "\u0000 | \u001B["])("survives %j", (line) => {
    expect(typeof parseLogLine(line).text).toBe("string");
  });
});
