"""A study of Optuna: another application that keeps its revision in `alembic_version`."""

import os

import optuna

study = optuna.create_study(storage=os.environ["DATABASE_URL"], study_name="größe")
study.optimize(lambda trial: trial.suggest_float("x", -1, 1) ** 2, n_trials=3)
