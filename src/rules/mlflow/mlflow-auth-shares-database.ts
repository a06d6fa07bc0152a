import { alembicUses, type AlembicUse } from "../alembic-uses.ts";
import { labelAddress } from "../label-address.ts";
import { isSinceMlflow, mlflowServers } from "../mlflow-servers.ts";
import { defineRule, type Fault, type Subject } from "../rule.ts";
import { separateUsers } from "../separate-users.ts";

/**
 * Until 3.5 the users of `--app-name basic-auth` have a migration history of their own in the same table `alembic_version` as
 * the runs (mlflow #10052; `alembic_version_auth` from 3.6 on, mlflow PR #18384).
 */
export const mlflowAuthSharesDatabase = defineRule({
  id: "mlflow-auth-shares-database",
  group: "mlflow",
  severity: "error",
  fix: "behaviour",
  summary: "MLflow before 3.6 that keeps its users in the database of its runs",
  *check(subject) {
    const uses = alembicUses(subject);
    for (const { service, version } of mlflowServers(subject)) {
      if (version === undefined || isSinceMlflow(version, "3.6.0")) continue;
      const own = uses.filter(({ connection }) => connection.service === service);
      const users = own.find(({ connection }) => connection.role === "auth");
      const runs = own.find(({ connection, place }) => connection.role === "metadata" && place === users?.place);
      if (users !== undefined && runs !== undefined) yield judge(subject, service, version, users, runs);
    }
  },
});

function judge(subject: Subject, service: string, version: string, users: AlembicUse, runs: AlembicUse): Fault {
  const { project } = subject;
  return {
    message: `MLflow ${version} of \`${service}\` keeps its users and its runs in one database, \`${users.database}\``,
    labels: [
      ...labelAddress(project, users.connection, "database", "the users' database"),
      ...labelAddress(project, runs.connection, "database", "the runs' database"),
    ] as unknown as Fault["labels"],
    services: [service],
    evidence: [service, users.place],
    // Alembic turns the workers' log off before it fails; from 3.3 on there are no such workers.
    ...(isSinceMlflow(version, "3.3.0") ? {} : { consequence: "Worker failed to boot." }),
    notes: [
      "Alembic cannot locate the revision that the other one left in `alembic_version`",
      "From MLflow 3.6 on both can share a database",
    ],
    about: [`connection ${service} auth`],
    fix: () => separateUsers(subject, users),
  };
}
