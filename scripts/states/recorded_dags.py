"""The DAGs of the recorded databases: every kind of row that running tasks leaves, on Airflow 2.7 to 3.3."""

from datetime import datetime

try:
    from airflow.sdk import Asset, dag, task
except ImportError:
    from airflow.datasets import Dataset as Asset
    from airflow.decorators import dag, task

start = datetime(2024, 5, 1)
orders = Asset("s3://warehouse/orders")


@dag(start_date=start, schedule="@daily", catchup=False, tags=["recorded", "größe"], default_args={"owner": "näherin"})
def load_orders():
    @task
    def extract():
        return {"rows": 3, "city": "Zürich ☃", "nothing": None}

    @task
    def sizes():
        return [1, 2, 3]

    @task
    def double(size):
        return size * 2

    @task(outlets=[orders])
    def load(report, doubled):
        return "x" * 3000

    load(extract(), double.expand(size=sizes()))


@dag(start_date=start, schedule=[orders], catchup=False)
def report_orders():
    @task
    def break_down():
        raise ValueError("the recorded failure, with a quote ' and a line\nbreak")

    break_down()


load_orders()
report_orders()
