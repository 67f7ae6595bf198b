"""Two prompts of an LLM application, evaluated on the same questions by scorers that are code, and a memo that says which one to ship.

    python examples/llm_evaluation.py [FOLDER]

Makes FOLDER/mlflow.db and a memo in FOLDER/reports/. A model answers the same question differently each time, so every prompt is evaluated several
times: a run of ``mlflow.genai.evaluate`` is one trial, and trials are what the memo compares. ``answered`` stands for your application, which would
call a model; it is made up here, so that the example needs no network and no key.
"""

from __future__ import annotations

import os
import random
import sys
from functools import partial
from pathlib import Path
from typing import Any

import mlflow
from mlflow.genai.scorers import scorer

import reportgen
from reportgen.tracking import training_job

QUESTIONS = {
    "What is the capital of France?": "Paris",
    "What is the capital of Kenya?": "Nairobi",
    "What is the capital of Peru?": "Lima",
    "What is the capital of Japan?": "Tokyo",
    "How many legs has a spider?": "8",
    "How many days has a leap year?": "366",
    "How many sides has a hexagon?": "6",
    "Which metal is liquid at room temperature?": "mercury",
    "Which planet is the largest?": "Jupiter",
    "Which gas do plants take in?": "carbon dioxide",
}
PROMPTS = {"plain": "Answer the question: {question}", "short": "Answer in one word if you can. {question}"}
N_TRIALS = 6
EXPERIMENT = "faq-bot"


@scorer
def is_correct(outputs: str, expectations: dict[str, Any]) -> bool:
    return expectations["expected_response"].lower() in outputs.lower()


@scorer
def n_words(outputs: str) -> int:
    return len(outputs.split())


def main(folder: Path) -> reportgen.Outcome:
    folder.mkdir(parents=True, exist_ok=True)
    uri = f"sqlite:///{folder.absolute()}/mlflow.db"
    os.environ["MLFLOW_GENAI_EVAL_SKIP_TRACE_VALIDATION"] = "true"
    rows = [{"inputs": {"question": asked}, "expectations": {"expected_response": right}} for asked, right in QUESTIONS.items()]
    for name, prompt in PROMPTS.items():
        for trial in range(N_TRIALS):
            job = {"tracking_uri": uri, "experiment_name": EXPERIMENT, "run_name": f"{name} trial {trial}"}
            with training_job({**job, "tags": {"prompt": name, "trial": trial}, "params": {"prompt": prompt}}):
                mlflow.genai.evaluate(data=rows, predict_fn=partial(answered, name, trial), scorers=[is_correct, n_words])
    return reportgen.compare(
        "short",
        "plain",
        by="tags.prompt",
        baseline="plain",
        metrics=["is_correct/mean", "n_words/mean"],
        margin=0.05,
        config={
            "metrics": {
                "is_correct/mean": {"goal": "maximize", "format": "percent", "label": "Right answers"},
                "n_words/mean": {"goal": "minimize", "label": "Words for each answer"},
            }
        },
        tracking_uri=uri,
        output=folder / "reports",
    )


def answered(prompt: str, trial: int, question: str) -> str:
    """What an application would answer: right more often than not, at the length that the prompt asks for."""
    is_right = random.Random(f"{prompt} {trial} {question}").random() < {"plain": 0.5, "short": 0.95}[prompt]
    answer = QUESTIONS[question] if is_right else "I do not know"
    return answer if prompt == "short" else f"That is a good question! The answer to it is {answer}, as far as I can tell."


if __name__ == "__main__":
    outcome = main(Path(sys.argv[1] if len(sys.argv) > 1 else "llm-evaluation"))
    for verdict in outcome.verdicts:
        print(f"{verdict.title}: {verdict.heading}. {verdict.sentence}")
    print(outcome.folder)
    sys.exit(outcome.exit_code)
