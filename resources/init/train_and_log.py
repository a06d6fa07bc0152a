"""Fits a line to noisy points and logs the run to MLflow: parameters, the loss after each epoch, the model as a file.

Trigger it in Airflow's UI (or wait for nothing: it has no schedule), then open the experiment "train_and_log" in
MLflow's UI. The address of MLflow comes from MLFLOW_TRACKING_URI in compose.yaml.
"""

import random
from datetime import datetime

try:
    from airflow.sdk import dag, task
except ImportError:  # Airflow 2
    from airflow.decorators import dag, task


@dag(
    schedule=None,
    start_date=datetime(2024, 1, 1),
    catchup=False,
    is_paused_upon_creation=False,
    tags=["example"],
)
def train_and_log():
    @task
    def make_points():
        noise = random.Random(7)
        return [[x / 10, 3 * x / 10 + 2 + noise.gauss(0, 0.1)] for x in range(20)]

    @task
    def train(points, learning_rate=0.1, epochs=50):
        # Imported here, not above: the file is parsed again and again, and the import takes a second.
        import mlflow

        mlflow.set_experiment("train_and_log")
        with mlflow.start_run() as run:
            mlflow.log_params({"learning_rate": learning_rate, "epochs": epochs})
            slope = intercept = 0.0
            for epoch in range(epochs):
                errors = [slope * x + intercept - y for x, y in points]
                loss = sum(error**2 for error in errors) / len(points)
                mlflow.log_metric("loss", loss, step=epoch)
                slope -= learning_rate * sum(2 * e * x for e, (x, _) in zip(errors, points)) / len(points)
                intercept -= learning_rate * sum(2 * e for e in errors) / len(points)
            mlflow.log_dict({"slope": slope, "intercept": intercept}, "model.json")
            print(f"y = {slope:.2f} x + {intercept:.2f}, loss {loss:.4f}, MLflow run {run.info.run_id}")
            return run.info.run_id

    train(make_points())


train_and_log()
