"""Two evaluations by MLflow's own ``mlflow.genai.evaluate``: ``python evaluated.py TRACKING_URI``. No network, no judge."""

from __future__ import annotations

import sys
import warnings

QUESTION, ANSWER = "What is the SECRET QUESTION", "The SECRET ANSWER"
RATIONALE = "<b>Compared</b> with password=hunter2-and-more " + "word " * 2000


def log(uri: str) -> None:
    import mlflow
    from mlflow.entities import AssessmentSource, Feedback
    from mlflow.genai import scorer

    @scorer  # type: ignore[untyped-decorator]
    def correct(outputs: str, expectations: dict[str, str]) -> Feedback:
        return Feedback(value=outputs == expectations["expected_response"], rationale=RATIONALE)

    @scorer  # type: ignore[untyped-decorator]
    def words(outputs: str) -> Feedback:
        if outputs.endswith("3"):
            raise ValueError("no words in /home/somebody/secret.py")
        return Feedback(value=float(len(outputs.split())), source=AssessmentSource(source_type="CODE", source_id="words"))

    def evaluated(name: str, version: int) -> None:
        def predict(question: str, **more: str) -> str:
            return f"{ANSWER} {(int(question[-1]) + version) % 6}"

        data = [
            {
                "inputs": {"question": f"{QUESTION} {i}"},
                "expectations": {"expected_response": f"{ANSWER} {i}"},
                "tags": {"half": "first" if i < 3 else "second"},
            }
            for i in range(6)
        ]
        with mlflow.start_run(run_name=name):
            mlflow.genai.evaluate(data=data, predict_fn=predict, scorers=[correct, words])

    mlflow.set_tracking_uri(uri)
    mlflow.set_experiment("assistant")
    evaluated("one", 0)
    evaluated("two", 1)
    mlflow.flush_trace_async_logging()


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    log(sys.argv[1])
