// `bulkhead explain` on a gigabyte of mixed logs against `grep -c` of one fixed word on the same file.
import { spawnSync } from "node:child_process";
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { runWithPeak } from "./run-with-peak.mjs";

const size = 2 ** 30;
const rounds = 3;
const word = "Booting";

/** What healthy services write, by every collector that is understood. */
const usual = [
  "airflow-scheduler-1  | [2026-11-23T01:02:03.123+0000] {scheduler_job_runner.py:1522} INFO - Adopting or resetting orphaned tasks for active dag runs",
  'mlflow-1             | INFO:     172.24.0.7:51234 - "POST /api/2.0/mlflow/runs/log-metric HTTP/1.1" 200 OK',
  "postgres-1           | 2026-11-23 01:02:03.123 UTC [45] LOG:  checkpoint starting: time",
  "2026-11-23T01:02:03.1234567Z #12 4.123 Collecting apache-airflow==2.7.0",
  '{"timestamp":"2026-11-23T01:02:03.123456Z","level":"info","event":"Task instance state updated","dag_id":"example","task_id":"train","logger":"task"}',
  "[pod/airflow-triggerer-0/triggerer] [2026-11-23 01:02:03,123] {triggerer_job_runner.py:481} INFO - 0 triggers currently running",
  'Nov 23 01:02:03 host dockerd[812]: time="2026-11-23T01:02:03.123Z" level=info msg="ignoring event" container=abc',
  "2026-11-23T01:02:03.123456789+09:00 stdout F [2026-11-23 10:02:03 +0900] [7] [INFO] Booting worker with pid: 12",
  'airflow-worker-1     |   File "/home/airflow/.local/lib/python3.11/site-packages/sqlalchemy/engine/base.py", line 1910, in _execute_context',
  "\u001B[36mmlflow-1             | \u001B[0m2026/11/23 01:02:03 WARNING mlflow.utils: request took 1.2 s",
];

/** One line in fifty: errors that nobody knows, and noise. */
const errors = [
  "airflow-scheduler-1  | [2026-11-23T01:02:03.123+0000] {taskinstance.py:1937} ERROR - Task failed with exception",
  'postgres-1           | 2026-11-23 01:02:03.123 UTC [46] FATAL:  role "root" does not exist',
  "airflow-worker-1     | requests.exceptions.HTTPError: 503 Server Error: Service Unavailable for url: http://feed/",
];

/** In the middle of it all: what is to be found. */
const cause =
  "mlflow-2             | alembic.util.exc.CommandError: Can't locate revision identified by '405de8318b3a'";

/**
 * @param {{ root: string, work: string, env: Record<string, string> }} facts `root`: the repository; `work`: a scratch
 *   directory with room for the log
 * @returns seconds of each round, and the MiB of resident memory that explain had at its peak
 */
export function measureExplain({ root, work, env }) {
  const log = join(work, "mixed.log");
  writeMixedLog(log);
  const argv = [process.execPath, join(root, "bin/bulkhead.js"), "explain", log, "--json"];
  const ours = [];
  const theirs = [];
  let peakMiB = 0;
  try {
    // Both read from memory, not from the disk.
    grep(log, env);
    for (let round = 0; round < rounds; round += 1) {
      theirs.push(grep(log, env));
      const measured = explain(argv, env, work);
      ours.push(measured.seconds);
      peakMiB = Math.max(peakMiB, measured.peakMiB);
    }
  } finally {
    rmSync(log);
  }
  return { explain: ours, grep: theirs, peakMiB };
}

function writeMixedLog(path) {
  const file = openSync(path, "w");
  let written = 0;
  let state = 1;
  let toldCause = false;
  while (written < size) {
    const lines = [];
    for (let length = 0; length < 2 ** 20; length += lines.at(-1).length + 1) {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      const turn = (state >> 8) % 1000;
      lines.push(turn < 20 ? errors[turn % errors.length] : usual[turn % usual.length]);
    }
    if (!toldCause && written > size / 2) {
      lines.push(cause);
      toldCause = true;
    }
    const text = `${lines.join("\n")}\n`;
    writeSync(file, text);
    written += Buffer.byteLength(text);
  }
  closeSync(file);
}

/** Not into nothing: there grep ends at the first line it finds. */
function grep(log, env) {
  const started = performance.now();
  const { status, stderr } = spawnSync("grep", ["-c", word, log], { env, encoding: "utf8" });
  if (status !== 0) throw new Error(`grep ended with ${status}: ${stderr}`);
  return (performance.now() - started) / 1000;
}

function explain(argv, env, work) {
  const { status, stdout, stderr, ...measured } = runWithPeak(argv, { env, work, keepsOutput: true });
  const found = status === 1 ? JSON.parse(stdout).causes.map(({ signature }) => signature) : [];
  if (!found.includes("foreign-revision")) throw new Error(`explain ended with ${status} and told ${found}: ${stderr}`);
  return measured;
}
