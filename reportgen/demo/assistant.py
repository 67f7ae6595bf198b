"""Experiment `assistant-eval`: two versions of a small assistant answer the same questions. No language model, no network."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping

import mlflow
from sklearn.feature_extraction.text import TfidfVectorizer

NOTE = """\
**Question:** does the assistant find the right answer more often when it knows what people call a thing?

Version 1 takes the answer that shares most words with the question. Version 2 knows further words of each topic and takes
the nearest by TF-IDF. `mlflow.genai.evaluate` asks both the same questions; code scores the answers.
"""
ANSWERS: Mapping[str, str] = {
    "refund": "A refund goes back to the card that was charged, within five days after we get the parcel.",
    "delivery": "A delivery takes two days; the parcel leaves on the day of the order when it is placed before noon.",
    "password": "Open the sign in page, choose a new password, and confirm it with the code that we send.",
    "invoice": "The invoice is in your account below the order; download it as PDF or let us send it again.",
    "size": "The size chart is beside each article; between two sizes take the larger one.",
    "gift": "A gift card is valid for three years and can be used in parts; the rest stays on the card.",
    "warranty": "The warranty covers faults for two years; send us a picture of the fault and the order.",
    "return": "Print the return label in your account, put it on the parcel and bring it to any post office.",
}
TERMS: Mapping[str, str] = {
    "refund": "money back paid repay reimbursed amount cancel",
    "delivery": "ship shipping arrive courier late tracking wait",
    "password": "login log forgot forgotten reset locked account access",
    "invoice": "bill receipt tax vat statement",
    "size": "fit small large tight measure",
    "gift": "voucher present balance birthday",
    "warranty": "broken defect repair guarantee stopped working",
    "return": "send back exchange unwanted",
}
"""What people call it: the second version knows these words."""
QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "refund": (
        "When do I get my refund?",
        "Is the refund for the parcel on its way?",
        "When am I reimbursed?",
        "I want my money",
    ),
    "delivery": (
        "How long does a delivery take?",
        "Does it ship today?",
        "My order is late, when does the courier arrive?",
        "Where is the tracking of my order?",
    ),
    "password": (
        "How do I choose a new password?",
        "I forgot my login",
        "My account is locked",
        "Where do I reset it?",
    ),
    "invoice": (
        "Where is the invoice of my order?",
        "I need a bill with VAT for the tax office",
        "Can I get a receipt?",
        "Send the invoice again as PDF",
    ),
    "size": (
        "Which size do I take?",
        "It is too tight",
        "How does the article fit, small or large?",
        "Where is the size chart?",
    ),
    "gift": (
        "How long is a gift card valid?",
        "What is the balance of my voucher?",
        "I look for a birthday present",
        "Can I use the gift card in parts?",
    ),
    "warranty": (
        "What does the warranty cover?",
        "It stopped working after one year",
        "The article came broken, who repairs it?",
        "Is there a guarantee?",
    ),
    "return": (
        "How do I return an article?",
        "I want to send it back",
        "Can I exchange an unwanted present?",
        "Where do I print the return label?",
    ),
}


def train(n_topics: int, tell: Callable[[], None]) -> None:
    """Two evaluations of the questions of ``n_topics`` topics, one run each."""
    os.environ["MLFLOW_GENAI_EVAL_MAX_WORKERS"] = "1"  # rows are answered in their order
    topics = list(ANSWERS)[:n_topics]
    data = [
        {"inputs": {"question": question}, "expectations": {"expected_response": ANSWERS[topic]}, "tags": {"topic": topic}}
        for topic in topics
        for question in QUESTIONS[topic]
    ]
    for name, answer in (("assistant v1", by_shared_words), ("assistant v2", by_rare_words(topics))):
        with mlflow.start_run(run_name=name):
            mlflow.genai.evaluate(data=data, predict_fn=predicting(answer, topics), scorers=scorers())
        tell()


def predicting(answer: Callable[[str, list[str]], str], topics: list[str]) -> Callable[..., str]:
    """The assistant as MLflow calls it: it traces what goes in and out."""

    def predict(question: str) -> str:
        return answer(question, topics)

    return predict


def by_shared_words(question: str, topics: list[str]) -> str:
    """The answer with most words of the question; the first of equals."""
    asked = words(question)
    return max((ANSWERS[topic] for topic in topics), key=lambda text: len(asked & words(text)))


def by_rare_words(topics: list[str]) -> Callable[[str, list[str]], str]:
    """Takes the answer whose text and terms are nearest, words weighed by how few of them have each."""
    vectors = TfidfVectorizer(sublinear_tf=True)
    known = vectors.fit_transform([f"{ANSWERS[topic]} {TERMS[topic]}" for topic in topics])

    def answer(question: str, among: list[str]) -> str:
        nearness = (known @ vectors.transform([question]).T).toarray()[:, 0]
        return ANSWERS[among[int(nearness.argmax())]]

    return answer


def words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z]+", text.lower()))


def scorers() -> list[object]:
    """What code says of an answer."""
    from mlflow.genai import scorer

    def correctness(outputs: str, expectations: dict[str, str]) -> bool:
        return outputs == expectations["expected_response"]

    def relevance(inputs: dict[str, str], outputs: str) -> float:
        asked = words(inputs["question"])
        return len(asked & words(outputs)) / len(asked)

    return [scorer(correctness), scorer(relevance)]
