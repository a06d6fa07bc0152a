/**
 * What is recorded. Each recording names the PostgreSQL major it is made on, the installations at work and how the
 * database comes about: `make` gets a lab (open-lab.mjs) and the installations by their names, and gives the tables that
 * were filled from their definition.
 */
export const recordings = {
  "airflow-2.7.0": airflow("2.7.0", 13),
  "mlflow-2.7.1": mlflow("2.7.1", 13),
  "airflow-3.3.2": airflow("3.3.2", 17),
  "mlflow-3.17.2": mlflow("3.17.2", 17),
};

function airflow(version, postgres, { extras = [], env = {}, about = `Airflow ${version} at work` } = {}) {
  return {
    about,
    postgres,
    installations: { airflow: ["airflow", version, ...extras] },
    make: async (lab, installed) => {
      await lab.airflow(installed.airflow, ["db", "migrate"], { env });
      return fillAirflow(lab, installed.airflow, env);
    },
  };
}

async function fillAirflow(lab, installation, env = {}) {
  await lab.addDags("recorded_dags.py", "broken_dag.py");
  await lab.python(installation, "fill_airflow.py", { env });
  return fillRest(lab, installation);
}

function mlflow(version, postgres) {
  return {
    about: `MLflow ${version} at work`,
    postgres,
    installations: { mlflow: ["mlflow", version] },
    make: async (lab, installed) => {
      await lab.python(installed.mlflow, "start_mlflow_store.py");
      return fillMlflow(lab, installed.mlflow);
    },
  };
}

async function fillMlflow(lab, installation) {
  await lab.python(installation, "fill_mlflow.py");
  return fillRest(lab, installation);
}

async function fillRest(lab, installation) {
  const { stdout } = await lab.python(installation, "fill_rest.py");
  return JSON.parse(stdout);
}
