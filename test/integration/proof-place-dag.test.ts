import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createUnitFiles } from "../../src/engine/native/open-service-access.ts";
import { findInstalledPackage } from "../../src/node/installed-package.ts";
import { createNodePorts } from "../../src/node/node-ports.ts";
import type { AirflowApp } from "../../src/proof/airflow-app.ts";
import { placeDag, removeDagFiles } from "../../src/proof/place-dag.ts";
import type { ProofContext } from "../../src/proof/proof-context.ts";
import { createProofNames } from "../../src/proof/proof-names.ts";
import { createTemporaryDirectory } from "../helpers/temporary-directory.ts";

const ports = createNodePorts();
const context = {
  session: { home: { ports, resources: findInstalledPackage().resources } },
} as unknown as ProofContext;

/** An Airflow whose scheduler and processor have these environments. */
function airflowWith(...environments: readonly Record<string, string>[]): AirflowApp {
  const [parser, scheduler] = environments.map((env) => ({
    role: {},
    access: { env, files: createUnitFiles(ports.files, {}) },
  }));
  return { parser, scheduler, runner: scheduler } as unknown as AirflowApp;
}

it("one file on a folder that units share, however they reach it, and none left afterwards", async () => {
  await using directory = await createTemporaryDirectory();
  const dags = join(directory.path, "my dags");
  await mkdir(dags);
  await ports.files.symlink(dags, join(directory.path, "dags"));
  const airflow = airflowWith({ AIRFLOW__CORE__DAGS_FOLDER: dags }, { AIRFLOW_HOME: directory.path });
  const names = createProofNames(ports.random);
  expect(await placeDag(context, airflow, names, "http://mlflow:5000")).toMatchObject({ ok: true, evidence: dags });
  const text = await readFile(join(dags, `${names.id}.py`), "utf8");
  expect(text).toContain(`"experiment":"${names.id}"`);
  expect(text).not.toContain("@PROOF@");

  // What Airflow compiles from it goes too; the user's own files stay.
  await mkdir(join(dags, "__pycache__"));
  await ports.files.writeText(join(dags, "__pycache__", `${names.id}.cpython-311.pyc`), "");
  await ports.files.writeText(join(dags, "bulkhead_proof_of_concept.py"), "");
  expect(await removeDagFiles(airflow)).toHaveLength(2);
  expect(await readdir(dags)).toEqual(["bulkhead_proof_of_concept.py"]);
});

it("each unit's own folder where nothing is mounted", async () => {
  await using directory = await createTemporaryDirectory();
  const homes = ["one", "two"].map((name) => join(directory.path, name));
  const airflow = airflowWith(...homes.map((home) => ({ AIRFLOW_HOME: home })));
  const names = createProofNames(ports.random);
  expect(await placeDag(context, airflow, names, null)).toMatchObject({ ok: true });
  for (const home of homes) expect(await readdir(join(home, "dags"))).toEqual([`${names.id}.py`]);
  expect(await removeDagFiles(airflow)).toHaveLength(2);
});

it("cannot, with the reason, where the folder is read-only or the bundles are no folders", async () => {
  const names = createProofNames(ports.random);
  // Read-only for root too.
  const fixed = await placeDag(context, airflowWith({ AIRFLOW__CORE__DAGS_FOLDER: "/sys/kernel" }), names, null);
  expect(fixed).toMatchObject({
    ok: null,
    evidence: expect.stringMatching(/^cannot: .*\/sys\/kernel.*(EACCES|EPERM|EROFS)/) as string,
  });
  const bundles = JSON.stringify([
    { name: "git", classpath: "airflow.providers.git.bundles.git.GitDagBundle", kwargs: {} },
  ]);
  const git = await placeDag(
    context,
    airflowWith({ AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST: bundles }),
    names,
    null,
  );
  expect(git).toMatchObject({ ok: null, evidence: expect.stringMatching(/^cannot: no DAG bundle/) as string });
});
