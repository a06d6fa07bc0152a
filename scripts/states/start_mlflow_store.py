"""Makes or migrates MLflow's tables as `mlflow server` does before it listens."""

import os

from mlflow.server.handlers import initialize_backend_stores

uri = os.environ["DATABASE_URL"]
initialize_backend_stores(uri, uri, os.environ["ARTIFACTS"])
