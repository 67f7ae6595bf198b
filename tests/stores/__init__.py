"""Small stores made by code: ``python -m tests.stores.NAME FOLDER`` makes ``FOLDER/mlflow.db``; times and values are fixed."""
