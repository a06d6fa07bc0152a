"""A DAG file that cannot be imported: Airflow keeps the error in a table of its own."""

from airflow import DAG

raise RuntimeError("this DAG is broken on purpose: ünïcödé")
