"""Reads a filled MLflow database through MLflow's own client; fails when its store does not take the tables."""

import os

from mlflow import MlflowClient
from mlflow.entities import ViewType

client = MlflowClient(os.environ["DATABASE_URL"], os.environ["DATABASE_URL"])
churn = client.get_experiment_by_name("churn, größer")
runs = client.search_runs([churn.experiment_id], run_view_type=ViewType.ALL)
assert len(runs) == 3, runs
history = client.get_metric_history(runs[0].info.run_id, "loss")
assert [metric.step for metric in history] == list(range(20)), history
assert client.get_model_version_by_alias("churn", "champion").version in ("2", 2)
