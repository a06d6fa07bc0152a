"""Superset's settings: its metadata database is the one that is being recorded."""

import os

SQLALCHEMY_DATABASE_URI = os.environ["DATABASE_URL"]
