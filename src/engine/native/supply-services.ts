import { join } from "node:path";

import { ToolError } from "../../core/tool-error.ts";
import { parsePostgresMajor } from "../../catalog/postgres/image.ts";
import type { Project } from "../../compose/project.ts";
import { ensurePostgresClients } from "../../supply/ensure-postgres-clients.ts";
import { ensurePostgresServer } from "../../supply/ensure-postgres-server.ts";
import { ensurePythonEnvironment } from "../../supply/ensure-python-environment.ts";
import { prepareCache } from "../../supply/prepare-cache.ts";
import { lockName } from "../../supply/lock-name.ts";
import type { PostgresClients, PostgresServer, PythonEnvironment, SupplyContext } from "../../supply/supply.ts";
import type { Sources } from "../../ports/sources.ts";
import { scanDags } from "../../topology/scan-dags.ts";
import type { ServiceRole, Topology } from "../../topology/topology.ts";
import { clientProgramNames } from "./client-programs.ts";
import { findUnrunnable } from "./find-unrunnable.ts";
import { planPythonRequest } from "./plan-python-request.ts";

/** What is installed for the project's services, by service. */
export interface Supplies {
  readonly servers: ReadonlyMap<string, { readonly server: PostgresServer; readonly clients: PostgresClients }>;
  /** For services that run PostgreSQL's client programs and are no server. */
  readonly clients: ReadonlyMap<string, PostgresClients>;
  readonly environments: ReadonlyMap<string, PythonEnvironment>;
}

/**
 * Installs, or finds in the cache, everything the named services need; different things at the same time. Services that
 * native cannot run are refused first, all in one ToolError IMAGE_UNSUPPORTED.
 */
export async function supplyServices(
  context: SupplyContext,
  request: {
    readonly project: Project;
    readonly topology: Topology;
    readonly services: readonly string[];
    /** Reads DAG files: the image carries every provider, an environment those that are imported. */
    readonly sources: Sources;
    readonly postgresDependency: string | undefined;
    readonly nodeDirectory: string | undefined;
  },
): Promise<Supplies> {
  const roles = request.services.flatMap((name) => request.topology.services[name] ?? []);
  assertRunnable(request.project, roles);
  await prepareCache(context);
  const servers = new Map<string, { server: PostgresServer; clients: PostgresClients }>();
  const clients = new Map<string, PostgresClients>();
  const environments = new Map<string, PythonEnvironment>();
  const options = {
    dependencyDirectory: request.postgresDependency,
    ...(request.nodeDirectory === undefined ? {} : { nodeDirectory: request.nodeDirectory }),
  };
  const shared = new Map<string, Promise<unknown>>();
  const once = <T>(key: string, start: () => Promise<T>): Promise<T> => {
    const running = (shared.get(key) as Promise<T> | undefined) ?? start();
    shared.set(key, running);
    return running;
  };
  // One environment for all components of an app: any of them may import the DAGs.
  const imported = roles.map((role) => ({ role, found: scanDags(request.project, role, request.sources).providers }));
  const providers = (role: ServiceRole): readonly string[] => {
    const same = imported.filter(
      (one) => one.role.baseImage === role.baseImage && one.role.base?.product === "airflow",
    );
    return role.base?.product === "airflow" ? [...new Set(same.flatMap((one) => one.found))].toSorted() : [];
  };
  const clientsFor = (major: number): Promise<PostgresClients> =>
    once(`clients ${major > 16}`, () => ensurePostgresClients(context, major));
  const jobs = roles.map(async (role) => {
    const database = request.topology.servers.find((server) => server.service === role.service);
    if (database !== undefined) {
      const [server, programs] = await Promise.all([
        once(`server ${database.major}`, () => ensurePostgresServer(context, database.major, options)),
        clientsFor(database.major),
      ]);
      servers.set(role.service, { server, clients: programs });
      return;
    }
    const major = clientMajor(request.topology, role);
    if (major !== undefined) clients.set(role.service, await clientsFor(major));
    const python = planPythonRequest(role, providers(role));
    if (python === undefined) return;
    const projectLockFile = join(request.project.directory, "bulkhead.lock");
    environments.set(
      role.service,
      await once(`${lockName(python)} ${python.preferredPython}`, () =>
        ensurePythonEnvironment(context, python, { projectLockFile }),
      ),
    );
  });
  const failed = (await Promise.allSettled(jobs)).find((outcome) => outcome.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  return { servers, clients, environments };
}

/**
 * The server major whose client programs a service needs: that of its image, or of the project's newest server where an
 * Airflow image, which brings psql along, uses them. Undefined: it needs none.
 */
function clientMajor(topology: Topology, role: ServiceRole): number | undefined {
  if (role.base?.product === "postgres")
    return role.component?.id === "server" ? undefined : (parsePostgresMajor(role.base.version) ?? newestMajor);
  const runsClient = topology.invocations.some(
    ({ service, program }) => service === role.service && clientProgramNames.includes(program),
  );
  if (role.base?.product !== "airflow" || !runsClient) return undefined;
  return Math.max(...topology.servers.map(({ major }) => major), 0) || newestMajor;
}

/** What `latest` means to the catalog. */
const newestMajor = parsePostgresMajor("latest") ?? 17;

function assertRunnable(project: Project, roles: readonly ServiceRole[]): void {
  const faults = findUnrunnable(project, roles);
  if (faults.length === 0) return;
  const names = [...new Set(faults.map((fault) => fault.service))];
  const dependents = roles.flatMap(({ service }) => {
    const needs = Object.entries(project.services[service]?.depends_on ?? {});
    const other = needs.find(([name, { required }]) => required && names.includes(name))?.[0];
    return other === undefined || names.includes(service) ? [] : [`\n  ${service} depends on ${other}.`];
  });
  throw new ToolError(
    "IMAGE_UNSUPPORTED",
    `The native engine cannot run ${names.join(", ")}:\n${faults.map((fault) => `  ${fault.service}: ${fault.why}`).join("\n")}${dependents.join("")}`,
    {
      hint: `Leave them out: bulkhead up ${names.map((name) => `--without ${name}`).join(" ")}`,
      detail: { services: names },
    },
  );
}
