"""Fills an MLflow database through MLflow's own client and stores. Runs in MLflow's environment.

DATABASE_URL is the tracking store; what a release does not have is left out.
"""

import math
import os
import sys

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag, ViewType

uri = os.environ["DATABASE_URL"]
artifacts = os.environ["ARTIFACTS"]
mlflow.set_tracking_uri(uri)
client = MlflowClient(uri, uri)


def attempt(part, *arguments):
    """Does what not every release has."""
    try:
        part(*arguments)
    except (ImportError, AttributeError, TypeError, mlflow.exceptions.MlflowException) as error:
        print(f"without {part.__name__}: {error!r}", file=sys.stderr)


def experiments():
    churn = client.create_experiment("churn, größer", f"{artifacts}/churn", {"team": "дата", "empty": ""})
    client.set_experiment_tag(churn, "mlflow.note.content", "n" * 4900)
    gone = client.create_experiment("gone", f"{artifacts}/gone")
    client.delete_experiment(gone)
    return churn


def runs(churn):
    found = []
    for number in range(3):
        run = client.create_run(churn, start_time=1714559400000 + number, tags={"mlflow.user": "ada", "nr": str(number)})
        metrics = [Metric("loss", 1 / (step + 1), 1714559400000 + step, step) for step in range(20)]
        odd = [("nan", math.nan), ("inf", math.inf), ("minus", -math.inf), ("tiny", 5e-324), ("verlust", 0.1)]
        metrics += [Metric(key, value, 1714559400000, 0) for key, value in odd]
        client.log_batch(run.info.run_id, metrics, [Param("rate", "0.1"), Param("long", "p" * 480)], [RunTag("größe", "12 µm"), RunTag("long", "t" * 4990)])
        if number < 2:
            client.set_terminated(run.info.run_id, "FINISHED" if number == 0 else "KILLED", 1714559500000)
        found.append(run.info.run_id)
    client.delete_run(found[2])
    return found


def inputs(run_id):
    import pandas

    data = mlflow.data.from_pandas(pandas.DataFrame({"größe": [1.5, None]}), source="s3://warehouse/orders", name="orders")
    with mlflow.start_run(run_id=run_id):
        mlflow.log_input(data, context="training", tags={"kind": "raw"})


def models(run_id):
    client.create_registered_model("churn", {"stage": "früh"}, "predicts who leaves – “maybe”")
    for _ in range(2):
        version = client.create_model_version("churn", f"{artifacts}/churn/model", run_id, {"by": "ada"}, description="d" * 900)
    client.set_registered_model_alias("churn", "champion", version.version)
    client.create_registered_model("no versions")


def traces(churn):
    mlflow.set_experiment(experiment_id=churn)

    @mlflow.trace(name="antworten", attributes={"größe": 3})
    def answer(question):
        with mlflow.start_span("search") as span:
            span.set_inputs({"q": question})
            span.set_outputs(["a", None])
        return "42 – “sure”"

    answer("why?")


def assessments(churn):
    found = mlflow.search_traces(experiment_ids=[churn], return_type="list")
    mlflow.log_feedback(trace_id=found[0].info.trace_id, name="correct", value=True, rationale="schön")
    mlflow.log_expectation(trace_id=found[0].info.trace_id, name="answer", value="42")


def logged_models(churn, run_id):
    model = client.create_logged_model(churn, "tree", run_id, {"kind": "früh"}, {"depth": "3"}, "agent")
    client.log_batch(run_id, [Metric("auc", 0.9, 1714559400000, 1, model_id=model.model_id)])
    client.finalize_logged_model(model.model_id, "READY")


def evaluation(churn):
    from mlflow.genai.datasets import create_dataset

    dataset = create_dataset(name="questions", experiment_id=[churn], tags={"lang": "de"})
    dataset.merge_records([{"inputs": {"q": "warum?"}, "expectations": {"a": "42"}}])


def scorers(churn):
    client._tracking_client.store.register_scorer(churn, "polite", '{"name": "polite"}')


def prompts():
    mlflow.genai.register_prompt(name="greeting", template="Grüezi {{name}}", commit_message="first", tags={"lang": "de"})


churn = experiments()
run_ids = runs(churn)
models(run_ids[0])
attempt(inputs, run_ids[1])
attempt(traces, churn)
attempt(logged_models, churn, run_ids[0])
attempt(assessments, churn)
attempt(evaluation, churn)
attempt(scorers, churn)
attempt(prompts)
kept = client.search_runs([churn], run_view_type=ViewType.ALL)
assert len(kept) == 3, kept
