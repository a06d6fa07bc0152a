"""Written by `bulkhead prove` and removed at its end. It is safe to delete while no proof runs.

One task prints a word and logs a run with a parameter, a metric and an artifact to MLflow. Works from Airflow 2.3 to 3.3;
the MLflow client is used where it can be imported, else MLflow's REST interface.
"""

import json
import os
import re
import sys
from base64 import b64encode
from datetime import datetime, timedelta, timezone
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

try:
    from airflow.sdk import DAG, BaseOperator
except ImportError:  # Airflow 2
    from airflow import DAG
    from airflow.models.baseoperator import BaseOperator

# Filled in by the proof: dag, experiment, word, parameter, metric, artifact (name, text), uri.
PROOF = json.loads(r"""@PROOF@""")


def log_with_client(mlflow, uri):
    mlflow.set_tracking_uri(uri)
    client = mlflow.tracking.MlflowClient()
    experiment = client.create_experiment(PROOF["experiment"])
    run = client.create_run(experiment).info.run_id
    client.log_param(run, "proof", PROOF["parameter"])
    client.log_metric(run, "proof", PROOF["metric"])
    path = os.path.join(os.environ.get("TMPDIR", "/tmp"), PROOF["artifact"]["name"])
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(PROOF["artifact"]["text"])
    try:
        client.log_artifact(run, path)
    finally:
        os.remove(path)
    client.set_terminated(run)
    return run


def log_with_rest(uri):
    headers = {"Content-Type": "application/json"}
    user = os.environ.get("MLFLOW_TRACKING_USERNAME")
    if user:
        secret = "%s:%s" % (user, os.environ.get("MLFLOW_TRACKING_PASSWORD", ""))
        headers["Authorization"] = "Basic " + b64encode(secret.encode()).decode()
    elif os.environ.get("MLFLOW_TRACKING_TOKEN"):
        headers["Authorization"] = "Bearer " + os.environ["MLFLOW_TRACKING_TOKEN"]

    def call(method, path, body):
        request = Request(uri.rstrip("/") + path, data=body, headers=headers, method=method)
        try:
            with urlopen(request, timeout=60) as answer:
                return json.loads(answer.read() or b"{}")
        except HTTPError as error:
            raise RuntimeError("%s %s answered %s: %s" % (method, path, error.code, error.read()[:400])) from None

    def post(endpoint, **values):
        return call("POST", "/api/2.0/mlflow/" + endpoint, json.dumps(values).encode())

    def now():
        return int(datetime.now(timezone.utc).timestamp() * 1000)

    experiment = post("experiments/create", name=PROOF["experiment"])["experiment_id"]
    info = post("runs/create", experiment_id=experiment, start_time=now())["run"]["info"]
    run = info["run_id"]
    post("runs/log-parameter", run_id=run, run_uuid=run, key="proof", value=PROOF["parameter"])
    post("runs/log-metric", run_id=run, run_uuid=run, key="proof", value=PROOF["metric"], timestamp=now(), step=0)
    root = info["artifact_uri"]
    name, text = PROOF["artifact"]["name"], PROOF["artifact"]["text"].encode()
    proxied = re.match(r"^mlflow-artifacts:(?://[^/]*)?/(.*)$", root)
    if proxied:
        headers["Content-Type"] = "application/octet-stream"
        call("PUT", "/api/2.0/mlflow-artifacts/artifacts/%s/%s" % (quote(proxied.group(1)), name), text)
        headers["Content-Type"] = "application/json"
    elif re.match(r"^(file:)?/", root):
        folder = re.sub(r"^file:(//)?", "", root)
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, name), "wb") as file:
            file.write(text)
    else:
        raise RuntimeError("artifacts at %s need the MLflow client in Airflow's image" % root)
    post("runs/update", run_id=run, run_uuid=run, status="FINISHED", end_time=now())
    return run


class LogToMlflow(BaseOperator):
    def execute(self, context):
        print(PROOF["word"])
        uri = os.environ.get("MLFLOW_TRACKING_URI") or PROOF["uri"]
        if not uri:
            return
        # The client would try an MLflow that is down for minutes.
        os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
        try:
            import mlflow.tracking
        except ImportError as error:
            print("Python %s, no MLflow client (%s): REST" % (sys.version.split()[0], error))
            run = log_with_rest(uri)
        else:
            print("Python %s, MLflow client %s" % (sys.version.split()[0], mlflow.__version__))
            run = log_with_client(mlflow, uri)
        print("logged run %s to %s" % (run, re.sub(r"//[^/@]*@", "//***@", uri)))


arguments = dict(
    dag_id=PROOF["dag"],
    start_date=datetime(2024, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    is_paused_upon_creation=False,
    default_args={"owner": "bulkhead", "retries": 0, "execution_timeout": timedelta(minutes=3)},
)
try:
    dag = DAG(schedule=None, **arguments)
except TypeError:  # before Airflow 2.4
    dag = DAG(schedule_interval=None, **arguments)
with dag:
    LogToMlflow(task_id="log_to_mlflow", do_xcom_push=False)
