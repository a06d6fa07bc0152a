import type { DatabaseServer } from "../topology/topology.ts";
import { planDatabaseJob } from "./plan-database-job.ts";
import type { Subject } from "./rule.ts";
import type { DatabasePlan } from "./fix-of-moves.ts";

/**
 * A database on the server that is there, made by a job.
 *
 * @param owner a role that is there; undefined: the job makes one of the database's name
 */
export function planOwnDatabase(
  subject: Subject,
  server: DatabaseServer,
  name: string,
  owner?: string,
): DatabasePlan | undefined {
  const passwordVariable =
    owner === undefined ? subject.edit.freeName("variables", `${name.toUpperCase()}_DB_PASSWORD`) : undefined;
  const password = passwordVariable && `\${${passwordVariable}}`;
  const plan = planDatabaseJob(subject, server, { database: name, owner: owner ?? name, password });
  if (plan === undefined) return undefined;
  return {
    host: server.service,
    port: server.port,
    name,
    password,
    passwordVariable,
    waitFor: { service: plan.job, condition: "service_completed_successfully" },
    steps: plan.steps,
    touches: plan.touches,
    copies: { [plan.job]: server.service },
    title: `Give ${name} a database${owner === undefined ? " and a role" : ""} of its own on ${server.service}`,
  };
}
