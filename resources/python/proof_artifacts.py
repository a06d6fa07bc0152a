"""Deletes the artifacts below the locations in BULKHEAD_PROOF (a JSON list of URIs) as `mlflow gc` does for a run.

`mlflow gc` itself would also delete for good what the user has moved to the trash (3.x: every deleted logged model).
"""

import json
import os

from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

for uri in json.loads(os.environ.pop("BULKHEAD_PROOF")):
    get_artifact_repository(uri).delete_artifacts()
