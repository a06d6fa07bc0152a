import { ensureEnvironment, openLab } from "./open-lab.mjs";
import { importParts } from "../import-parts.mjs";

const { readManifest, startTestServer } = await importParts({
  "test/helpers/database-states.ts": ["readManifest"],
  "test/helpers/test-server.ts": ["startTestServer"],
});

/**
 * Restores a recording and lets the release that made it judge the tables and read from them; throws with what it
 * prints when it does not take them.
 */
export async function acceptRecording(name, [product, version, ...extras], env) {
  const environment = await ensureEnvironment(product, version, extras);
  const server = await startTestServer(Number.parseInt(readManifest(name).postgres, 10));
  const lab = openLab(server, "recorded", { isRecorded: false });
  try {
    await server.restore(name, { database: "recorded" });
    if (product === "mlflow") {
      await lab.python(environment, "read_mlflow.py");
      return;
    }
    await lab.airflow(environment, ["db", "check-migrations", "--migration-wait-timeout", "1"], { env });
    const { stdout } = await lab.airflow(environment, ["connections", "get", "orders_db", "--output", "json"], { env });
    if (!stdout.includes("p@ss wörd") && !stdout.includes("p@ss w\\u00f6rd"))
      throw new Error(`${name}: the connection's password is not what was written: ${stdout}`);
  } finally {
    lab.close();
    await server[Symbol.asyncDispose]();
  }
}
