import { createHash } from "node:crypto";
import { join } from "node:path";

import type { Service } from "../../compose/project.ts";
import { parseDuration } from "../../compose/parse-duration.ts";
import type { ServiceRole } from "../../topology/topology.ts";
import type { ClientPrograms } from "./client-programs.ts";
import { listenerAddresses, mapCommand } from "./map-command.ts";
import { mapArgv, mapText } from "./map-text.ts";
import { moveSecretsToEnvironment } from "./move-secrets.ts";
import type { NameTable } from "./name-table.ts";
import { createPathMap } from "./path-map.ts";
import type { PlannedMount } from "./plan-mounts.ts";
import { listenerPort, type PortTable } from "../plan-ports.ts";
import { planUnitCheck } from "./plan-unit-check.ts";
import type { RestartPolicy, UnitSpec } from "./unit.ts";
import { usesImageEntrypoint } from "./uses-image-entrypoint.ts";

export interface AppUnitRequest {
  readonly role: ServiceRole;
  readonly service: Service;
  /** `units/SERVICE` of the project's state. */
  readonly unitDirectory: string;
  /** Short enough for the sockets that Python's multiprocessing makes in it. */
  readonly temporaryDirectory: string;
  readonly logFile: string;
  /** The service's Python environment; undefined: it starts none of ours. */
  readonly environmentDirectory: string | undefined;
  readonly clients: ClientPrograms | undefined;
  /** Absolute path of the installed name hook, readable by the unit's account. */
  readonly hook: string;
  /** Absolute `resources/` directory copy readable by the unit's account. */
  readonly sharedResources: string;
  readonly names: NameTable;
  readonly ports: PortTable;
  readonly mounts: readonly PlannedMount[];
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
  readonly platform: NodeJS.Platform;
}

/**
 * The finished unit of a service that is no server of PostgreSQL: Airflow, MLflow or another Python program, or a job of
 * PostgreSQL's client programs. Its container's command and environment with names, ports and paths of this machine;
 * nothing of the host's own environment goes in.
 */
export function planAppUnit(request: AppUnitRequest): UnitSpec {
  const { role, service, unitDirectory, names, ports, mounts, clients, environmentDirectory } = request;
  const root = join(unitDirectory, "root");
  const paths = createPathMap(root, [...mounts, ...(clients?.places ?? [])]);
  const listeners = new Map(
    (role.component?.listeners ?? []).map((listener) => [listenerPort(listener, role), listener]),
  );
  const addresses = listenerAddresses(listeners, ports[role.service]);
  const mapped = (text: string): string => mapText(text, names, paths);
  const fromFile = Object.fromEntries(Object.entries(role.environment).map(([name, value]) => [name, mapped(value)]));
  const moved = moveSecretsToEnvironment(mapArgv(mapCommand(role.argv, addresses), names, paths));
  const containerDirectory =
    service.working_dir ?? role.dockerfile?.workingDirectory ?? role.behaviour?.workingDirectory ?? "/";

  const env: Record<string, string> = {
    LANG: "C.UTF-8",
    PYTHONUNBUFFERED: "1",
    ...fromFile,
    ...moved.environment,
    ...addressVariables(addresses),
    ...productDefaults(role, fromFile, mounts),
    HOME: paths.map(role.behaviour?.home ?? "/root"),
    HOSTNAME: names.hostname,
    TMPDIR: request.temporaryDirectory,
    PATH: [
      ...(environmentDirectory === undefined ? [] : [join(environmentDirectory, "bin")]),
      ...(clients === undefined ? [] : [clients.directory]),
      "/usr/bin",
      "/bin",
    ].join(":"),
    ...clients?.environment,
    BULKHEAD_HOOK: request.hook,
    BULKHEAD_QUICK_START: "1",
    BULKHEAD_NAMES: join(unitDirectory, "names.json"),
    ...noProxy(fromFile, names),
    ...(request.platform === "darwin" ? { OBJC_DISABLE_INITIALIZE_FORK_SAFETY: "YES", no_proxy: "*" } : {}),
  };
  const argv = planEntrypoint(role, service, moved.argv, request.sharedResources);
  const cwd = paths.map(containerDirectory);
  const check = planUnitCheck(
    role,
    addresses.find(({ listener }) => listener.purpose === "api"),
  );
  const spec: Omit<UnitSpec, "hash"> = {
    service: role.service,
    argv: [argv[0] ?? "true", ...argv.slice(1)],
    cwd,
    env,
    ...(request.owner === undefined ? {} : { owner: request.owner }),
    logFile: request.logFile,
    stopSignal: service.stop_signal ?? "SIGTERM",
    stopTarget: "group",
    stopGraceMs: parseDuration(service.stop_grace_period ?? "") ?? 10_000,
    restart: parseRestartPolicy(service.restart),
    removeBeforeStart:
      role.product === "airflow"
        ? [
            join(
              paths.map(role.environment["AIRFLOW_HOME"] ?? "/opt/airflow"),
              `airflow-${role.component?.id ?? ""}.pid`,
            ),
          ]
        : [],
    ...(check === undefined ? {} : { check }),
  };
  return { ...spec, hash: hashSpec(spec) };
}

/** SHA-256 (first 16 hex digits) of everything that defines a unit. */
export function hashSpec(spec: Omit<UnitSpec, "hash">): string {
  return createHash("sha256").update(JSON.stringify(spec)).digest("hex").slice(0, 16);
}

/** Compose's `restart` value: `no` (default), `always`, `unless-stopped`, `on-failure[:N]`. */
export function parseRestartPolicy(text: string | undefined): RestartPolicy {
  const [when = "no", retries] = (text ?? "no").split(":");
  if (when !== "always" && when !== "on-failure" && when !== "unless-stopped") return { when: "no" };
  return retries === undefined ? { when } : { when, maximumRetries: Number(retries) };
}

function addressVariables(addresses: ReturnType<typeof listenerAddresses>): Record<string, string> {
  return Object.fromEntries(
    addresses.flatMap(({ listener, host, port }) => [
      ...listener.portVariables.map((name) => [name, String(port)] as const),
      ...listener.hostVariables.map((name) => [name, host] as const),
    ]),
  );
}

/**
 * Airflow's folders, where the file mounts something on their default places: components then agree on one path, as
 * they do in containers, though each has an AIRFLOW_HOME of its own.
 */
function productDefaults(
  role: ServiceRole,
  given: Readonly<Record<string, string>>,
  mounts: readonly PlannedMount[],
): Record<string, string> {
  if (role.product !== "airflow") return {};
  const home = role.environment["AIRFLOW_HOME"] ?? "/opt/airflow";
  const folders = {
    DAGS: "AIRFLOW__CORE__DAGS_FOLDER",
    PLUGINS: "AIRFLOW__CORE__PLUGINS_FOLDER",
    LOGS: "AIRFLOW__LOGGING__BASE_LOG_FOLDER",
  };
  const found: Record<string, string> = {};
  for (const [folder, variable] of Object.entries(folders)) {
    const mount = mounts.find((one) => one.target.replace(/\/$/, "") === `${home}/${folder.toLowerCase()}`);
    if (mount !== undefined && given[variable] === undefined) found[variable] = mount.source;
  }
  return found;
}

/** A project that names a proxy must not send its own services' names through it. */
function noProxy(given: Readonly<Record<string, string>>, names: NameTable): Record<string, string> {
  const proxied = Object.keys(given).some((name) => /^(https?|all)_proxy$/i.test(name));
  if (!proxied) return {};
  const list = [
    ...new Set([
      ...(given["NO_PROXY"] ?? given["no_proxy"] ?? "").split(","),
      ...Object.keys(names.names),
      "localhost",
      "127.0.0.1",
    ]),
  ];
  const text = list.filter((name) => name !== "").join(",");
  return { NO_PROXY: text, no_proxy: text };
}

const entrypointVariables = ["_AIRFLOW_DB_MIGRATE", "_AIRFLOW_DB_UPGRADE", "_AIRFLOW_WWW_USER_CREATE"];

/**
 * The image's `/entrypoint` migrates and creates a user when any of its variables is non-empty, `false` included; an
 * entrypoint of the file or the Dockerfile replaces it.
 */
function planEntrypoint(
  role: ServiceRole,
  service: Service,
  argv: readonly string[],
  sharedResources: string,
): readonly string[] {
  const wanted = entrypointVariables.some((name) => (role.environment[name] ?? "") !== "");
  return wanted && usesImageEntrypoint(role, service)
    ? ["/bin/bash", join(sharedResources, "sh", "airflow-entrypoint.sh"), ...argv]
    : argv;
}
