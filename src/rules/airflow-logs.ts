import { airflowSetting } from "./airflow-settings.ts";
import { isSince } from "./airflow-releases.ts";
import { isKeptPath, sharedPlace } from "./kept-paths.ts";
import type { Subject } from "./rule.ts";

/** Where one service of Airflow writes task logs. */
export interface LogFolder {
  readonly service: string;
  /** Path in its container. */
  readonly path: string;
  /** The place on the host or in a volume, equal for services that share it; undefined: the container's own disk. */
  readonly place: string | undefined;
  readonly isKept: boolean;
}

/** Undefined where the folder cannot be told, or logs go to a remote store. */
export function logFolderOf(subject: Subject, service: string): LogFolder | undefined {
  const remote = airflowSetting(subject, service, "logging", "remote_logging");
  if (remote.kind === "unknown" || (remote.kind === "written" && /^(true|t|1)$/i.test(remote.text.text.trim())))
    return undefined;
  const folder = airflowSetting(subject, service, "logging", "base_log_folder");
  if (folder.kind === "unknown") return undefined;
  const home = subject.topology.services[service]?.environment["AIRFLOW_HOME"] ?? "/opt/airflow";
  const path = folder.kind === "written" ? folder.text.text : `${home}/logs`;
  if (!path.startsWith("/")) return undefined;
  return {
    service,
    path,
    place: sharedPlace(subject, service, path),
    isKept: isKeptPath(subject, service, path),
  };
}

/** The option that signs requests for logs between components. */
export function logKeyOf(version: string): { readonly section: string; readonly key: string } {
  return { section: isSince(version, "3.0.0") ? "api" : "webserver", key: "secret_key" };
}
