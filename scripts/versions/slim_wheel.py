"""Keeps of a wheel only what release facts are read from.

Usage: slim_wheel.py WHEEL SLIM

SLIM is a zip of the wheel's metadata, its migration scripts and the modules that migration scripts take table names
from. Nothing of the wheel is imported or run.
"""

import os
import re
import sys
import zipfile

KEPT = re.compile(
    r"""^[^/]+\.dist-info/METADATA$
    | ^airflow/(migrations|models|utils)/.*\.py$
    | ^mlflow/(store|entities|server/auth/db)/.*\.py$""",
    re.VERBOSE,
)


def main(wheel_path, slim_path):
    unfinished = f"{slim_path}.{os.getpid()}"
    with zipfile.ZipFile(wheel_path) as wheel, zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as slim:
        for name in wheel.namelist():
            if KEPT.match(name):
                slim.writestr(name, wheel.read(name))
    os.replace(unfinished, slim_path)


main(*sys.argv[1:])
