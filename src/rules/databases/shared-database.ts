import { compareReleaseVersions } from "../../catalog/compare-release-versions.ts";
import type { ProductId } from "../../catalog/product.ts";
import type { ServiceRole } from "../../topology/topology.ts";
import { alembicRevision, releaseAge } from "../alembic-revision.ts";
import { alembicUses, type AlembicUse } from "../alembic-uses.ts";
import { groupBy } from "../../core/group-by.ts";
import { nameConnection } from "../judged-connections.ts";
import { labelAddress } from "../label-address.ts";
import { placeLabels } from "../label-place.ts";
import { maskAddress } from "../mask-address.ts";
import { defineRule, type Fault, type Subject, type Unknown } from "../rule.ts";
import { separateDatabases } from "../separate-databases.ts";
import { setsSearchPath } from "../sets-search-path.ts";

type Uses = readonly [AlembicUse, ...AlembicUse[]];

/**
 * Airflow and MLflow keep their migration history in a table named `alembic_version`, which neither can rename (airflow
 * migrations/env.py, mlflow store/db_migrations/env.py): in one schema the second one finds the first one's revision.
 */
export const sharedDatabase = defineRule({
  id: "shared-database",
  group: "databases",
  severity: "error",
  fix: "behaviour",
  summary: "Two applications that keep their tables and migration history in one database",
  *check(subject) {
    const uses = alembicUses(subject).filter((use) => usesVersionTable(subject, use));
    for (const sharing of groupBy(uses, ({ place }) => place).values()) {
      const byApp = [...groupBy(sharing, ({ connection }) => connection.app ?? "").values()];
      const [keeper, mover, ...others] = byApp.toSorted((left, right) => rank(subject, left) - rank(subject, right));
      if (keeper !== undefined && mover !== undefined) yield judgeApps(subject, keeper, [mover, ...others]);
      for (const own of byApp) yield* judgeVersions(subject, own);
    }
  },
});

/** From 3.6 on MLflow's user database has a version table of another name (mlflow PR #18384). */
function usesVersionTable({ topology }: Subject, { connection: { role, service } }: AlembicUse): boolean {
  return role !== "auth" || compareReleaseVersions(topology.services[service]?.version ?? "0", "3.6.0") < 0;
}

/** Lowest for the application that stays: not the one that is to leave; the one the database is named after, else Airflow. */
function rank(subject: Subject, [use]: Uses): number {
  const product = productOf(subject, use) ?? "";
  if (product === subject.options.leaves) return 3;
  if (use.database.includes(product)) return 0;
  return product === "airflow" ? 1 : 2;
}

function judgeApps(subject: Subject, keeper: Uses, movers: readonly [Uses, ...Uses[]]): Fault | Unknown {
  const { project, topology } = subject;
  const [stays, [[moves]]] = [keeper[0], movers];
  const { server, place, connection } = moves;
  const all = [keeper, ...movers];
  const sharing = all.flat().map((use) => use.connection.service);
  const labels: Fault["labels"] = [
    ...labelUse(subject, moves),
    ...labelUse(subject, stays),
    ...(server === undefined ? [] : [placeLabels(project).service(server.service, "both lead to this server")]),
  ];
  const common = {
    labels,
    services: Object.keys(topology.services).filter((name) => sharing.includes(name)),
    evidence: [place, ...all.map(([use]) => use.connection.app ?? "").toSorted()],
    about: [`database ${place}`, `login ${server?.service}/${connection.user}`],
  };
  const names = all.map(([use]) => nameApp(subject, use)).join(" and ");
  const isUnsettled = all.flat().some((use) => use.connection.schema === undefined);
  const script = server !== undefined && isUnsettled ? setsSearchPath(subject, server) : undefined;
  if (script !== undefined) {
    const message = `Whether ${names} share their tables in ${nameDatabase(moves)} depends on the search_path that ${script} sets`;
    return { judgement: "unknown", message, ...common };
  }
  const effective = maskAddress(connection);
  return {
    message: `${names} keep their tables in one database, ${nameDatabase(moves)}`,
    ...common,
    ...(effective === undefined ? {} : { effective }),
    confidence: all.flat().some(({ guessed }) => guessed) ? "likely" : "certain",
    consequence: notFound(alembicRevision(ownRole(subject, stays))),
    notes: [
      "Both write the revision of their tables into `alembic_version`; the second one to start finds the other's",
    ],
    fix: () =>
      separateDatabases(
        subject,
        stays,
        movers.map(([use]) => use),
      ),
  };
}

function labelUse({ project, topology }: Subject, { connection }: AlembicUse): Fault["labels"] {
  return labelAddress(project, connection, "database", nameConnection(topology, connection));
}

function nameDatabase({ server, connection, database, schema }: AlembicUse): string {
  const address = `\`${server?.service ?? connection.host}\``;
  return schema === "public" ? `\`${database}\` on ${address}` : `\`${database}\` (schema \`${schema}\`) on ${address}`;
}

const titles = { airflow: "Airflow", mlflow: "MLflow", postgres: "PostgreSQL" } as const;

function nameApp(subject: Subject, use: AlembicUse): string {
  const product = productOf(subject, use);
  const service = `\`${use.connection.service}\``;
  return product === undefined ? service : `${titles[product]} (${service})`;
}

/** Whose tables they are; MLflow's in a container of Airflow that starts its server too. */
function productOf({ topology }: Subject, { connection: { app, service } }: AlembicUse): ProductId | undefined {
  return topology.apps.find(({ id }) => id === app)?.product ?? topology.services[service]?.product;
}

/** The role of the use's service where it tells of that application: elsewhere its version is another one's. */
function ownRole(subject: Subject, use: AlembicUse): ServiceRole | undefined {
  const role = subject.topology.services[use.connection.service];
  return role?.product === productOf(subject, use) ? role : undefined;
}

function notFound(revision: string | undefined): string {
  return `alembic.util.exc.CommandError: Can't locate revision identified by '${revision ?? "..."}'`;
}

/** Services of one application whose releases have different tables: the older does not know the newer's revision. */
function* judgeVersions(subject: Subject, own: Uses): Iterable<Fault> {
  const roleOf = (use: AlembicUse) => ownRole(subject, use);
  const known = own.filter((use) => alembicRevision(roleOf(use)) !== undefined);
  const [older, newer] = [...groupBy(known, (use) => alembicRevision(roleOf(use)) ?? "").values()]
    .map(([use]) => use)
    .toSorted((left, right) => releaseAge(roleOf(left)) - releaseAge(roleOf(right)));
  if (older === undefined || newer === undefined) return;
  const tell = (use: AlembicUse) => `\`${use.connection.service}\` (${roleOf(use)?.version})`;
  yield {
    message: `${tell(older)} and ${tell(newer)} keep their tables in one database, ${nameDatabase(newer)}, in different versions`,
    labels: [...labelUse(subject, older), ...labelUse(subject, newer)],
    services: [...new Set(own.map(({ connection }) => connection.service))],
    evidence: [newer.place, older.connection.app ?? "", "versions"],
    consequence: notFound(alembicRevision(roleOf(newer))),
    about: [`database ${newer.place}`],
  };
}
