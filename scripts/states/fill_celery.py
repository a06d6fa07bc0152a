"""Keeps results as Airflow's Celery workers do: the result tables are made on first use."""

from airflow.providers.celery.executors.celery_executor_utils import app

backend = app.backend
backend.store_result("3f1c7a52-0000-4000-8000-000000000001", {"größe": [1, None]}, "SUCCESS")
backend.store_result("3f1c7a52-0000-4000-8000-000000000002", ValueError("broken"), "FAILURE", traceback="line 1")
backend.save_group("3f1c7a52-0000-4000-8000-000000000003", app.GroupResult("3f1c7a52-0000-4000-8000-000000000003", []))
