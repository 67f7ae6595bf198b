"""The reader of tracking servers, by MLflow's REST API."""
