import type { EditStep, YamlValue } from "../edit/edit-kit.ts";
import type { DatabaseServer } from "../topology/topology.ts";
import { traceValue } from "../topology/traced-text.ts";
import { planHealthcheck } from "./plan-healthcheck.ts";
import type { Subject } from "./rule.ts";
import { writtenVariable } from "./written-variable.ts";

/** What a job is to make. */
export interface WantedDatabase {
  readonly database: string;
  readonly owner: string;
  /** `${NAME}` with the password of the owner, who is made too; undefined: the role is there. */
  readonly password: string | undefined;
}

/** A one-shot service, and the edits that add it. */
export interface JobPlan {
  readonly job: string;
  readonly steps: readonly EditStep[];
  readonly touches: readonly (readonly string[])[];
}

/**
 * A one-shot service that makes a database, and its role, where they are missing: unlike init scripts it also works on a
 * volume that holds data. Undefined where the superuser's password is not known.
 */
export function planDatabaseJob(subject: Subject, server: DatabaseServer, wanted: WantedDatabase): JobPlan | undefined {
  const { project, topology, edit } = subject;
  const service = project.services[server.service];
  const image = topology.services[server.service]?.baseImage;
  const superuserPassword = writtenPassword(subject, server);
  if (service === undefined || image === undefined || service.network_mode !== undefined) return undefined;
  if (superuserPassword === undefined || !isPlainName(wanted.database) || !isPlainName(wanted.owner)) return undefined;
  const job = edit.freeName("services", `${server.service}-${wanted.database}-database`);
  const hasHealth = service.healthcheck?.test !== undefined && service.healthcheck.disable !== true;
  const isOnNetworks = project.origins.keyAt(["services", server.service, "networks"]) !== undefined;
  const value: YamlValue = {
    image: image.replaceAll("$", "$$$$"),
    environment: {
      PGHOST: server.service,
      ...(server.port === 5432 ? {} : { PGPORT: `${server.port}` }),
      PGUSER: server.superuser,
      PGPASSWORD: superuserPassword,
      PGDATABASE: "postgres",
      ...(wanted.password === undefined ? {} : { NEW_PASSWORD: wanted.password }),
    },
    command: ["bash", "-c", script(wanted)],
    depends_on: { [server.service]: { condition: "service_healthy" } },
    ...(isOnNetworks ? { networks: Object.keys(service.networks) } : {}),
    ...(service.profiles.length === 0 ? {} : { profiles: service.profiles }),
    restart: "no",
  };
  const health = planHealthcheck(subject, server.service);
  const steps: EditStep[] = [(kit) => kit.addEntry("services", job, value, server.service)];
  if (!hasHealth && health === undefined) return undefined;
  if (!hasHealth && health !== undefined)
    steps.unshift((kit) => kit.setServiceKey(server.service, ["healthcheck"], health));
  return {
    job,
    steps,
    touches: [["services", job], ...(hasHealth ? [] : [["services", server.service, "healthcheck"]])],
  };
}

function isPlainName(name: string): boolean {
  return /^[\w.-]{1,63}$/.test(name);
}

/** The shell puts the password into what psql reads, where no process list shows it; `\gexec` runs what a query prints. */
function script({ database, owner, password }: WantedDatabase): string {
  const role = quoted(owner);
  const makeRole = [
    `SELECT 'CREATE ROLE ${role} LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${owner}') \\gexec`,
    `ALTER ROLE ${role} PASSWORD '$$NEW_PASSWORD';`,
  ];
  const missing = `NOT EXISTS (SELECT FROM pg_database WHERE datname = '${database}')`;
  return [
    "psql -v ON_ERROR_STOP=1 <<SQL",
    ...(password === undefined ? [] : makeRole),
    `SELECT 'CREATE DATABASE ${quoted(database)} OWNER ${role}' WHERE ${missing} \\gexec`,
    "SQL",
    "",
  ].join("\n");
}

function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name}"`;
}

/** The superuser's password as the job can be given it: by its variable where the server has one. */
function writtenPassword({ project }: Subject, { service, password, authMethod }: DatabaseServer): string | undefined {
  if (authMethod === "trust") return "";
  if (password === undefined) return undefined;
  const path = ["services", service, "environment", "POSTGRES_PASSWORD"];
  return writtenVariable(project, traceValue(password, path)) ?? password.replaceAll("$", "$$$$");
}
