"""The reader of MLflow's file store, the folder ``mlruns/``."""
