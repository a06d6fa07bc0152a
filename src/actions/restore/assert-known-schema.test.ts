import { describe, expect, it } from "vitest";
import type { BackedUpDatabase } from "../../postgres/archive/backup-manifest.ts";
import { topologyOf } from "../../../test/helpers/topology-of.ts";
import type { Topology } from "../../topology/topology.ts";
import { assertKnownSchema, type SchemaUsers } from "./assert-known-schema.ts";

const topology = (airflow: string, mlflow: string) =>
  topologyOf(`services:
  airflow: { image: "apache/airflow:${airflow}", command: scheduler }
  mlflow: { image: "ghcr.io/mlflow/mlflow:v${mlflow}", command: mlflow server }
`);

const usersOf = ({ apps }: Topology): SchemaUsers => ({
  apps,
  place: "of this project",
  wayOut: (app, release) => `Set the image of ${app} to ${release} or newer.`,
});

/** A backup of Airflow 3.3.2 and MLflow 2.22.0 in one database, with these rows. */
const shared = (...rows: readonly string[]): BackedUpDatabase => ({
  name: "shared",
  owner: "app",
  encoding: "UTF8",
  locale: { provider: "libc", collation: "C", characters: "C", name: null },
  connectionLimit: -1,
  comment: null,
  grants: null,
  settings: [],
  isPublicOpen: false,
  directory: "databases/1",
  apps: [
    { id: "airflow", product: "airflow", version: "3.3.2" },
    { id: "mlflow", product: "mlflow", version: "2.22.0" },
  ],
  versionTables: [{ schema: "public", name: "alembic_version", rows }],
  bytes: 0,
  tables: [],
});

// Heads: Airflow 2.7.0, Airflow 3.3.2, MLflow 2.22.
const [older, newest, mlflow] = ["405de8318b3a", "d2f4e1b3c5a7", "0584bdc529eb"];

describe("assertKnownSchema", () => {
  it.each([
    ["the same releases", topology("3.3.2", "2.22.0"), shared(newest, mlflow)],
    ["a schema the older release has", topology("2.10.5", "2.22.0"), shared(older)],
    ["newer releases", topology("3.3.2", "3.17.2"), shared(newest, mlflow)],
    ["a revision that is nobody's", topology("2.10.5", "2.22.0"), shared("ffffffffffff")],
    ["a project without the application", topologyOf("services: { db: { image: 'postgres:17' } }\n"), shared(newest)],
  ])("lets %s through", (_, project, database) => {
    expect(() => assertKnownSchema(usersOf(project), database, "/b.tar")).not.toThrow();
  });

  it.each([
    [
      "2.10.5",
      "2.22.0",
      newest,
      /shared in \/b\.tar is at airflow's revision d2f4e1b3c5a7 \(of 3\.3\.2\), which airflow 2\.10\.5/,
    ],
    ["3.3.2", "2.7.1", mlflow, /is at mlflow's revision 0584bdc529eb \(of 2\.22\.0\), which mlflow 2\.7\.1/],
  ])("refuses what Airflow %s or MLflow %s does not know", (airflow, mlflowVersion, revision, message) => {
    const check = () => assertKnownSchema(usersOf(topology(airflow, mlflowVersion)), shared(revision), "/b.tar");
    expect(check).toThrow(message);
    expect(check).toThrow(
      expect.objectContaining({ code: "BACKUP_REFUSED", hint: expect.stringContaining("or newer") }),
    );
  });
});
