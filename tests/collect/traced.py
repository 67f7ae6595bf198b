"""Logs traces, and metrics of logged models, through MLflow's own client: ``python traced.py TRACKING_URI``.

In a process of its own, since MLflow's tracing keeps global state and exports from threads.
"""

from __future__ import annotations

import sys
import warnings

QUESTION, ANSWER = "What is the SECRET QUESTION?", "The SECRET ANSWER"


def log(uri: str) -> None:
    import mlflow

    def traced(name: str, tokens: int, *, fails: bool = False) -> None:
        try:
            with mlflow.start_span(name) as span:
                span.set_inputs({"question": QUESTION})
                with mlflow.start_span("llm", span_type="LLM") as inner:
                    usage = {"input_tokens": tokens, "output_tokens": 2, "total_tokens": tokens + 2}
                    inner.set_attribute("mlflow.chat.tokenUsage", usage)
                    inner.set_attribute("mlflow.llm.model", "gpt-x")
                    inner.set_attribute("mlflow.llm.cost", {"input_cost": 0.001, "output_cost": 0.002, "total_cost": 0.003})
                    inner.set_outputs(ANSWER)
                if fails:
                    raise ValueError("the tool is down")
        except ValueError:
            pass

    mlflow.set_tracking_uri(uri)
    mlflow.set_experiment("chat")
    with mlflow.start_run(run_name="kept"):
        traced("in-run", 10)
        model = mlflow.initialize_logged_model("net")
        mlflow.log_metric("acc", 0.5, step=1, model_id=model.model_id)
        mlflow.log_metric("acc", 0.75, step=2, model_id=model.model_id)
        mlflow.log_metric("diverged", float("nan"), step=3, model_id=model.model_id)
        mlflow.log_metric("zero", 0.0, step=3, model_id=model.model_id)
    elsewhere = mlflow.create_experiment("elsewhere")
    with mlflow.start_run(experiment_id=elsewhere):  # where 0 means NaN only the history of this run tells
        for step, value in enumerate((float("nan"), 0.0, 1.0)):
            mlflow.log_metric("dipped", value, step=step, model_id=model.model_id)
    traced("free", 20)
    traced("failing", 5, fails=True)
    with mlflow.start_run(run_name="dropped") as dropped:
        traced("of a deleted run", 1)
    mlflow.trace(lambda text: text, name="decorated")("plain")
    mlflow.flush_trace_async_logging()
    mlflow.MlflowClient().delete_run(dropped.info.run_id)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    log(sys.argv[1])
