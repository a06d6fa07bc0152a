import { join } from "node:path";

import type { Service } from "../../compose/project.ts";
import { parseDuration } from "../../compose/parse-duration.ts";
import type { DatabaseServer, ServiceRole } from "../../topology/topology.ts";
import { hashSpec, parseRestartPolicy } from "./plan-app-unit.ts";
import { planUnitCheck } from "./plan-unit-check.ts";
import type { UnitSpec } from "./unit.ts";

export interface PostgresUnitRequest {
  readonly role: ServiceRole;
  readonly service: Service;
  readonly server: DatabaseServer;
  readonly unitDirectory: string;
  readonly logFile: string;
  readonly serverBin: string;
  readonly clientBin: string;
  readonly dataDirectory: string;
  readonly socketDirectory: string;
  readonly host: string;
  readonly port: number;
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
}

/**
 * The unit of a PostgreSQL service. `-c name=value` of the file's command is kept; address, port and socket directory are
 * ours. Stopped by SIGINT to the postmaster alone: fast shutdown.
 */
export function planPostgresUnit(request: PostgresUnitRequest): UnitSpec {
  const { role, service } = request;
  const options = role.argv.slice(role.argv.findIndex((word) => /(^|\/)postgres$/.test(word)) + 1);
  const kept = dropAddressOptions(options);
  const check = planUnitCheck(role, request);
  const spec: Omit<UnitSpec, "hash"> = {
    service: role.service,
    argv: [
      join(request.serverBin, "postgres"),
      "-D",
      request.dataDirectory,
      "-h",
      request.host,
      "-p",
      String(request.port),
      "-k",
      request.socketDirectory,
      ...kept,
    ],
    cwd: request.dataDirectory,
    env: {
      LANG: "C.UTF-8",
      LC_ALL: "C.UTF-8",
      HOME: join(request.unitDirectory, "root"),
      PATH: `${request.clientBin}:${request.serverBin}:/usr/bin:/bin`,
      PGHOST: request.socketDirectory,
      PGPORT: String(request.port),
      PGDATA: request.dataDirectory,
    },
    ...(request.owner === undefined ? {} : { owner: request.owner }),
    logFile: request.logFile,
    stopSignal: "SIGINT",
    stopTarget: "process",
    stopGraceMs: parseDuration(service.stop_grace_period ?? "") ?? 30_000,
    restart: parseRestartPolicy(service.restart),
    removeBeforeStart: [],
    ...(check === undefined ? {} : { check }),
  };
  return { ...spec, hash: hashSpec(spec) };
}

/** The file's options without those that say where the server listens. */
function dropAddressOptions(options: readonly string[]): readonly string[] {
  const isAddress = (word: string): boolean =>
    /^(--)?(listen[-_]addresses|port|unix[-_]socket[-_]directories)=/.test(word);
  const kept: string[] = [];
  for (let index = 0; index < options.length; index += 1) {
    const word = options[index] ?? "";
    if (["-p", "-h", "-k", "--port"].includes(word) || (word === "-c" && isAddress(options[index + 1] ?? "")))
      index += 1;
    else if (!isAddress(word)) kept.push(word);
  }
  return kept;
}
