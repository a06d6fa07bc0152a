const fab = { AIRFLOW__CORE__AUTH_MANAGER: "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager" };
const lostRow = "delete from alembic_version";

/**
 * What is recorded, each after the one it begins with. `postgres` is the server's major; `from` the recording that the
 * database begins with, on the same server. `make` does the rest: it gets a lab (open-lab.mjs) and the installations by
 * their names, and gives the tables that were filled from their definition. `reader` names the installation that finds the
 * whole database as it wants it.
 */
export const recordings = {
  "airflow-2.7.0": airflow("2.7.0", 13),
  "airflow-2.10.5": airflow("2.10.5", 13),
  "airflow-2.11.2": airflow("2.11.2", 13),
  "airflow-3.0.6": airflow("3.0.6", 17),
  "airflow-3.3.2": airflow("3.3.2", 17),
  "airflow-3.3.2-fab": withFab(),
  "airflow-2.10.5-celery": withCelery(),
  "mlflow-2.7.1": mlflow("2.7.1", 13),
  "mlflow-2.22.0": mlflow("2.22.0", 13),
  "mlflow-3.6.0": mlflow("3.6.0", 17),
  "mlflow-3.17.2": mlflow("3.17.2", 17),
  "mlflow-auth-2.22.0": mlflowAuth("2.22.0", 13),
  "mlflow-3.17.2-auth": withAuth("3.17.2"),
  ...collided("2.7", "2.7.0", "2.7.1"),
  ...collided("2.10", "2.10.5", "2.22.0"),
  ...collided("3", "3.3.2", "3.17.2"),
  "collided-in-schema-2.7": inSchema(),
  "collided-same-id-3": sameId(),
  "airflow-2.10.5-stamped": stamped(),
  "airflow-2.10.5-midway": midway(),
  "collided-auth-2.22.0": collidedAuth(),
  "mlflow-2.7.1-after-reset": afterReset(),
  "airflow-2.10.5-optuna": withOptuna(),
  "superset-4.1.2-airflow": withSuperset(),
  "airflow-2.10.5-superset": besideSuperset(),
  "airflow-3.1.0-fab-unrecorded": unrecordedFab(),
};

function airflow(version, postgres) {
  return {
    about: `Airflow ${version} at work.`,
    postgres,
    installations: { airflow: ["airflow", version] },
    reader: "airflow",
    make: (lab, installed) => workAirflow(lab, installed.airflow),
  };
}

function withFab() {
  return {
    ...airflow("3.3.2", 17),
    env: fab,
    about: "Airflow 3.3.2 at work with the FAB auth manager, whose tables have a version table of their own.",
    make: (lab, installed) => workAirflow(lab, installed.airflow, fab),
  };
}

function withCelery() {
  return {
    about: "airflow-2.10.5, then Celery workers keep their results in the same database.",
    from: "airflow-2.10.5",
    installations: { airflow: ["airflow", "2.10.5", "apache-airflow-providers-celery"] },
    make: async (lab, installed) => {
      await lab.python(installed.airflow, "fill_celery.py");
    },
  };
}

function mlflow(version, postgres) {
  return {
    about: `MLflow ${version} at work.`,
    postgres,
    installations: { mlflow: ["mlflow", version] },
    reader: "mlflow",
    make: (lab, installed) => workMlflow(lab, installed.mlflow),
  };
}

function mlflowAuth(version, postgres) {
  return {
    about: `The basic-auth app of MLflow ${version} in a database of its own.`,
    postgres,
    installations: { auth: ["mlflow", version, `mlflow[auth]==${version}`] },
    make: (lab, installed) => workAuth(lab, installed.auth),
  };
}

function withAuth(version) {
  return {
    about: `mlflow-${version}, then its basic-auth app in the same database, with a version table of its own.`,
    from: `mlflow-${version}`,
    installations: { auth: ["mlflow", version, `mlflow[auth]==${version}`] },
    make: (lab, installed) => workAuth(lab, installed.auth),
  };
}

/** One pair in one database, as it comes about. `name` tells the pair. */
function collided(name, airflowVersion, mlflowVersion) {
  const installations = { airflow: ["airflow", airflowVersion], mlflow: ["mlflow", mlflowVersion] };
  return {
    [`collided-skeleton-${name}`]: {
      about: `airflow-${airflowVersion}, then \`mlflow server\` ${mlflowVersion} on it, which fails.`,
      from: `airflow-${airflowVersion}`,
      installations,
      make: async (lab, installed) => {
        await lab.failMlflowServer(installed.mlflow, "Can't locate revision identified by");
      },
    },
    [`collided-mlflow-row-${name}`]: {
      about: `collided-skeleton-${name}, Airflow's row in alembic_version deleted by hand, then MLflow ${mlflowVersion} starts and works.`,
      from: `collided-skeleton-${name}`,
      installations,
      make: async (lab, installed) => {
        await lab.query(lostRow);
        return workMlflow(lab, installed.mlflow);
      },
    },
    [`collided-airflow-row-${name}`]: {
      about: `mlflow-${mlflowVersion}, its row in alembic_version deleted by hand, then \`airflow db migrate\` ${airflowVersion} makes its tables and Airflow works.`,
      from: `mlflow-${mlflowVersion}`,
      installations,
      make: async (lab, installed) => {
        await lab.query(lostRow);
        return workAirflow(lab, installed.airflow);
      },
    },
  };
}

function inSchema() {
  const env = { PGOPTIONS: "-csearch_path=apps" };
  return {
    about:
      "MLflow 2.7.1 at work in the schema apps, by search_path; its row in alembic_version deleted by hand, then `airflow db migrate` 2.7.0 with the same search_path, and Airflow works.",
    postgres: 13,
    installations: { airflow: ["airflow", "2.7.0"], mlflow: ["mlflow", "2.7.1"] },
    make: async (lab, installed) => {
      await lab.query("create schema apps");
      await workMlflow(lab, installed.mlflow, env);
      await lab.query("delete from apps.alembic_version");
      return workAirflow(lab, installed.airflow, env);
    },
  };
}

function sameId() {
  return {
    about:
      "airflow-3.0.6, migrated by 3.3.2 as far as a1b2c3d4e5f6, which is also an id of MLflow; then MLflow 3.6.0 starts: it migrates on from there, writes its own head, and fails over its half-made tables.",
    from: "airflow-3.0.6",
    installations: { airflow: ["airflow", "3.3.2"], mlflow: ["mlflow", "3.6.0"] },
    make: async (lab, installed) => {
      await lab.airflow(installed.airflow, ["db", "migrate", "--to-revision", "a1b2c3d4e5f6"]);
      const fails = 'column "creation_time" of relation "experiments" does not exist';
      await lab.python(installed.mlflow, "start_mlflow_store.py", { fails });
    },
  };
}

function stamped() {
  return {
    about:
      "airflow-2.7.0, its row in alembic_version deleted by hand, then `airflow db migrate` of 2.10.5: the tables of 2.7 with the row of 2.10.",
    from: "airflow-2.7.0",
    installations: { airflow: ["airflow", "2.10.5"] },
    make: async (lab, installed) => {
      await lab.query(lostRow);
      await lab.airflow(installed.airflow, ["db", "migrate"]);
    },
  };
}

function midway() {
  return {
    about: "airflow-2.7.0, migrated by 2.10.5 as far as 677fdbb7fc54.",
    from: "airflow-2.7.0",
    installations: { airflow: ["airflow", "2.10.5"] },
    make: async (lab, installed) => {
      await lab.airflow(installed.airflow, ["db", "migrate", "--to-revision", "677fdbb7fc54"]);
    },
  };
}

function collidedAuth() {
  return {
    about:
      "mlflow-2.22.0, its row in alembic_version deleted by hand, then its basic-auth app makes its tables and writes its own row.",
    from: "mlflow-2.22.0",
    installations: { auth: ["mlflow", "2.22.0", "mlflow[auth]==2.22.0"] },
    make: async (lab, installed) => {
      await lab.query(lostRow);
      return workAuth(lab, installed.auth);
    },
  };
}

function afterReset() {
  return {
    about: "collided-mlflow-row-2.7, then `airflow db reset`: Airflow's tables and alembic_version are gone.",
    from: "collided-mlflow-row-2.7",
    installations: { airflow: ["airflow", "2.7.0"] },
    make: async (lab, installed) => {
      await lab.airflow(installed.airflow, ["db", "reset", "--yes", "--skip-init"]);
    },
  };
}

function withOptuna() {
  return {
    about:
      "airflow-2.10.5, its row in alembic_version deleted by hand, then a study of Optuna 4.3.0 in the same database.",
    from: "airflow-2.10.5",
    installations: { optuna: ["optuna", "4.3.0"] },
    make: async (lab, installed) => {
      await lab.query(lostRow);
      await lab.python(installed.optuna, "fill_optuna.py");
    },
  };
}

function withSuperset() {
  return {
    about:
      "`superset db upgrade` 4.1.2, its row in alembic_version deleted by hand, then `airflow db migrate` of 2.10.5, which fails and makes nothing: an index of each is called ti_dag_state.",
    postgres: 13,
    installations: { superset: ["superset", "4.1.2"], airflow: ["airflow", "2.10.5"] },
    make: async (lab, installed) => {
      await upgradeSuperset(lab, installed.superset);
      await lab.query(lostRow);
      await lab.airflow(installed.airflow, ["db", "migrate"], { fails: '"ti_dag_state" already exists' });
    },
  };
}

function besideSuperset() {
  return {
    about:
      "airflow-2.10.5, its row in alembic_version deleted by hand, then `superset db upgrade` 4.1.2, which writes its own rows into ab_* and fails over the index ti_dag_state.",
    from: "airflow-2.10.5",
    installations: { superset: ["superset", "4.1.2"] },
    make: async (lab, installed) => {
      await lab.query(lostRow);
      await upgradeSuperset(lab, installed.superset, '"ti_dag_state" already exists');
    },
  };
}

async function upgradeSuperset(lab, installation, fails) {
  await lab.addModules("superset_config.py");
  const secret = {
    SUPERSET_SECRET_KEY: "bulkhead recordings, nothing to guard",
    FLASK_APP: "superset.app:create_app()",
  };
  const env = { ...secret, PYTHONPATH: lab.directory };
  await lab.run(installation, ["superset", "db", "upgrade"], { env, ...(fails === undefined ? {} : { fails }) });
}

function unrecordedFab() {
  return {
    about:
      "airflow-2.10.5, then `airflow db migrate` of 3.1.0 with the FAB auth manager: Airflow's own tables are migrated, FAB's migration fails over its tables.",
    from: "airflow-2.10.5",
    installations: { airflow: ["airflow", "3.1.0"] },
    make: async (lab, installed) => {
      await lab.airflow(installed.airflow, ["db", "migrate"], { env: fab, fails: "already exists" });
    },
  };
}

async function workAirflow(lab, installation, env = {}) {
  await lab.airflow(installation, ["db", "migrate"], { env });
  await lab.addDags("recorded_dags.py", "broken_dag.py");
  await lab.python(installation, "fill_airflow.py", { env });
  return fillRest(lab, installation, env);
}

async function workMlflow(lab, installation, env = {}) {
  await lab.python(installation, "start_mlflow_store.py", { env });
  await lab.python(installation, "fill_mlflow.py", { env });
  return fillRest(lab, installation, env);
}

async function workAuth(lab, installation) {
  const env = { MLFLOW_FLASK_SERVER_SECRET_KEY: "bulkhead recordings" };
  await lab.run(installation, ["python", "-m", "mlflow.server.auth", "db", "upgrade", "--url", lab.url], { env });
  await lab.python(installation, "fill_mlflow_auth.py", { env });
  return fillRest(lab, installation, env);
}

async function fillRest(lab, installation, env) {
  const { stdout } = await lab.python(installation, "fill_rest.py", { env });
  return JSON.parse(stdout);
}
