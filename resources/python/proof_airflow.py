"""Parses and triggers the proof's DAG in the environment of an Airflow unit, as `airflow dags reserialize` and
`airflow dags trigger` do, in one process: starting Airflow takes longer than either.

Reads its orders from BULKHEAD_PROOF: {"file": path or null, "dag": id, "run": id}. The last line of its output is JSON:
{"parsed": bool, "triggered": bool, "reason": text}. Works from Airflow 2.3 to 3.3.
"""

import inspect
import json
import os


def parse(path, dag_id):
    try:
        from airflow.dag_processing.bundles.manager import DagBundlesManager
    except ImportError:
        return parse_folder(path, dag_id)
    manager = DagBundlesManager()
    manager.sync_bundles_to_db()
    seen = []
    for bundle in manager.get_all_dag_bundles():
        bundle.initialize()
        seen.append("%s (%s)" % (bundle.name, type(bundle).__name__))
        if os.path.realpath(path).startswith(os.path.realpath(str(bundle.path)) + os.sep):
            return parse_bundle(bundle, path, dag_id)
    return "%s lies in none of the bundles %s" % (path, ", ".join(seen))


def parse_folder(path, dag_id):
    from airflow.models.dagbag import DagBag

    bag = DagBag(path, include_examples=False)
    if dag_id not in bag.dags:
        return "\n".join(bag.import_errors.values()) or "no DAG found in " + path
    bag.sync_to_db()
    return None


def parse_bundle(bundle, path, dag_id):
    try:
        from airflow.dag_processing.dagbag import DagBag, sync_bag_to_db
    except ImportError:
        from airflow.models import dagbag

        DagBag, sync_bag_to_db = dagbag.DagBag, getattr(dagbag, "sync_bag_to_db", None)
    wanted = {"bundle_path": bundle.path, "bundle_name": bundle.name, "include_examples": False}
    known = inspect.signature(DagBag.__init__).parameters
    bag = DagBag(path, **{name: value for name, value in wanted.items() if name in known})
    if dag_id not in bag.dags:
        return "\n".join(bag.import_errors.values()) or "no DAG found in " + path
    version = bundle.get_current_version()
    if sync_bag_to_db is None:
        bag.sync_to_db(bundle.name, bundle_version=version)
    else:
        sync_bag_to_db(bag, bundle.name, bundle_version=version)
    return None


def trigger(dag_id, run_id):
    from airflow.api.common.trigger_dag import trigger_dag

    more = {}
    if "triggered_by" in inspect.signature(trigger_dag).parameters:
        from airflow.utils.types import DagRunTriggeredByType

        more["triggered_by"] = DagRunTriggeredByType.CLI
    trigger_dag(dag_id=dag_id, run_id=run_id, **more)


def main():
    orders = json.loads(os.environ.pop("BULKHEAD_PROOF"))
    result = {"parsed": False, "triggered": False, "reason": ""}
    try:
        reason = parse(orders["file"], orders["dag"]) if orders["file"] else None
        result["parsed"] = reason is None
        if reason is None:
            trigger(orders["dag"], orders["run"])
            result["triggered"] = True
        else:
            result["reason"] = reason
    except Exception as error:
        result["reason"] = "%s: %s" % (type(error).__name__, error)
    print()
    print(json.dumps(result), flush=True)


main()
