import type { DatabaseServer } from "../topology/topology.ts";
import { planDatabaseJob } from "./plan-database-job.ts";
import type { Subject } from "./rule.ts";
import type { DatabasePlan } from "./separate-databases.ts";

/** A database and a role for an application on the server that is there, made by a job. */
export function planOwnDatabase(subject: Subject, server: DatabaseServer, name: string): DatabasePlan | undefined {
  const passwordVariable = subject.edit.freeName("variables", `${name.toUpperCase()}_DB_PASSWORD`);
  const password = `\${${passwordVariable}}`;
  const plan = planDatabaseJob(subject, server, { database: name, owner: name, password });
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
    title: `Give ${name} a database and a role of its own on ${server.service}`,
  };
}
