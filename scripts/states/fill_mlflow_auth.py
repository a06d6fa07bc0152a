"""Fills the database of MLflow's basic-auth app through its own store. Runs in MLflow's environment."""

import os

from mlflow.server.auth.sqlalchemy_store import SqlAlchemyStore

store = SqlAlchemyStore()
store.init_db(os.environ["DATABASE_URL"])
store.create_user("ada", "lovelace-of-1815", is_admin=True)
store.create_user("größer", "another password")
store.create_experiment_permission("1", "größer", "EDIT")
store.create_registered_model_permission("churn", "größer", "READ")
