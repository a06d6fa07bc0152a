import type { Component, Listener } from "../product.ts";

const webserver: Listener = {
  port: 8080,
  purpose: "api",
  program: "airflow",
  portFlags: ["--port", "-p"],
  hostFlags: ["--hostname", "-H"],
  portVariables: ["AIRFLOW__WEBSERVER__WEB_SERVER_PORT"],
  hostVariables: ["AIRFLOW__WEBSERVER__WEB_SERVER_HOST"],
  sharedByApp: false,
};

const apiServer: Listener = {
  port: 8080,
  purpose: "api",
  program: "airflow",
  portFlags: ["--port", "-p"],
  hostFlags: ["--host", "-H"],
  portVariables: ["AIRFLOW__API__PORT"],
  hostVariables: ["AIRFLOW__API__HOST"],
  sharedByApp: false,
};

/** Has no address option: it binds every interface (traps of 2.7 to 3.3). */
const taskLogs: Listener = {
  port: 8793,
  purpose: "logs",
  program: "airflow",
  portFlags: [],
  hostFlags: [],
  portVariables: ["AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT"],
  hostVariables: [],
  sharedByApp: true,
};

const triggerLogs: Listener = { ...taskLogs, port: 8794, portVariables: ["AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT"] };

const schedulerHealth: Listener = {
  port: 8974,
  purpose: "health",
  program: "airflow",
  portFlags: [],
  hostFlags: [],
  portVariables: ["AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_SERVER_PORT"],
  hostVariables: ["AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_SERVER_HOST"],
  sharedByApp: false,
};

const flower: Listener = {
  port: 5555,
  purpose: "api",
  program: "airflow",
  portFlags: ["--port", "-p"],
  hostFlags: ["--hostname", "-H"],
  portVariables: ["AIRFLOW__CELERY__FLOWER_PORT"],
  hostVariables: ["AIRFLOW__CELERY__FLOWER_HOST"],
  sharedByApp: false,
};

const longRunning: Readonly<Record<string, readonly Listener[]>> = {
  webserver: [webserver],
  "api-server": [apiServer],
  scheduler: [taskLogs, schedulerHealth],
  "dag-processor": [],
  triggerer: [triggerLogs],
  kerberos: [],
  standalone: [webserver, apiServer, taskLogs, triggerLogs, schedulerHealth],
};

/**
 * The component that an `airflow ...` command line runs. `words` starts with `airflow`. Every other sub-command is a
 * one-shot job named after its words: `users create` -> `users-create`.
 */
export function recogniseAirflowComponent(words: readonly string[]): Component {
  const [first = "help", second] = words.slice(1).filter((word) => !word.startsWith("-"));
  const listeners = longRunning[first];
  if (listeners !== undefined) return { id: first, oneShot: false, listeners };
  if (first === "celery" && second === "worker") return { id: "worker", oneShot: false, listeners: [taskLogs] };
  if (first === "celery" && second === "flower") return { id: "flower", oneShot: false, listeners: [flower] };
  if (first === "db" && (second === "migrate" || second === "upgrade" || second === "init")) {
    return { id: "migration", oneShot: true, listeners: [] };
  }
  return { id: second === undefined ? first : `${first}-${second}`, oneShot: true, listeners: [] };
}
