"""Two evaluations row by row, as a memo compares them: false alarms and coverage of pass rates, scores, conversations and scorers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from benchmarks.coverage.made import Rate, Rng, rate, rates, table
from reportgen.analyze.genai.paired import PairedScores, judged, paired_scores
from reportgen.analyze.genai.scores import Kind, RowScore, ScorerKey, Scores
from reportgen.analyze.methods.multiple import holm

ALPHA = 0.05
KEY = ScorerKey("made")
N_SCORERS = 10


def scores_of(values: np.ndarray, kind: Kind, sessions: Sequence[str] = ()) -> Scores:
    """One row for each of ``values``, or for each line of them, which are its answers."""
    rows = values.reshape(len(values), -1)
    made = {
        str(i): RowScore(
            str(i), float(row.mean()), tuple(map(float, row)), (("1", str(i)),) * len(row), sessions[i] if sessions else ""
        )
        for i, row in enumerate(rows)
    }
    return Scores(KEY, kind, made, (), {}, len(made), 0, 0, 0, 0, None, ("CODE",), ())


def compared(before: np.ndarray, after: np.ndarray, kind: Kind, sessions: Sequence[str] = ()) -> PairedScores:
    found = paired_scores(scores_of(before, kind, sessions), scores_of(after, kind, sessions), KEY, "maximize", ALPHA)
    return judged(found, found.p, ALPHA, None)


def claims(one: PairedScores) -> bool:
    return one.outcome in ("better", "worse")


def holds(one: PairedScores, truth: float) -> bool | None:
    """Whether its interval holds the truth; None where there is none."""
    d = one.difference
    return None if d is None or d.low is None or d.high is None else d.low <= truth <= d.high


# --- rows that stand for themselves ---


def passed(rng: Rng, n: int, discordant: float, delta: float) -> tuple[np.ndarray, np.ndarray]:
    """Two columns of passes: ``discordant`` of the rows differ, and the second passes ``delta`` more of them; the rest pass at 80 %."""
    kind = rng.choice(
        4, n, p=[0.8 * (1 - discordant), 0.2 * (1 - discordant), (discordant + delta) / 2, (discordant - delta) / 2]
    )
    return (np.isin(kind, (0, 3))).astype(float), (np.isin(kind, (0, 2))).astype(float)


def evaluated_rows(replications: int) -> None:
    """Pass or fail: claims where nothing changed, and coverage there and at a change."""
    rows = []
    for n in (12, 40, 100, 300):
        for discordant in (0.1, 0.4):
            null = rates(f"evaluated/{n}/{discordant}/0", replications, lambda rng, n=n, d=discordant: _rows_hit(rng, n, d, 0.0))
            change = rates(
                f"evaluated/{n}/{discordant}/8", replications, lambda rng, n=n, d=discordant: _rows_hit(rng, n, d, 0.08)
            )
            rows.append((n, f"{100 * discordant:.0f} %", null[0], null[1], change[1], change[0]))
    header = ("rows", "discordant", "claims, no change (≤ 5 %)", "coverage, no change", "coverage, +8 pp", "claims, +8 pp")
    table("Pass or fail on the same rows: McNemar mid-p and Newcombe's interval must agree", header, rows)


def _rows_hit(rng: Rng, n: int, discordant: float, delta: float) -> list[bool | None]:
    one = compared(*passed(rng, n, discordant, delta), "pass")
    return [claims(one), holds(one, delta)]


# --- conversations and trials ---


def evaluated_clusters(replications: int) -> None:
    """Scores of rows in conversations of four that rise and fall together, and rows that were answered three times."""
    rows = []
    for n in (5, 10, 25, 50):
        found = rates(f"evaluated/conversations/{n}", replications, lambda rng, n=n: _conversations(rng, n))
        rows.append((f"{n} conversations of 4", *found))
    for n in (12, 40):
        thrice = rate(f"evaluated/trials/{n}", replications, lambda rng, n=n: _trials(rng, n))
        rows.append((f"{n} rows, 3 answers each", thrice, "—", "—"))
    header = ("design, no change", "claims (≤ 5 %)", "coverage", "claims of rows taken as independent")
    table("Rows that go together: half of the variance of a difference is the conversation's", header, rows)


def _conversations(rng: Rng, n: int) -> list[bool | None]:
    sessions = [f"s{i // 4}" for i in range(4 * n)]
    before = rng.normal(size=4 * n)
    after = before + np.repeat(rng.normal(size=n), 4) + rng.normal(size=4 * n)
    together = compared(before, after, "number", sessions)
    return [claims(together), holds(together, 0.0), claims(compared(before, after, "number"))]


def _trials(rng: Rng, n: int) -> bool:
    chance = rng.beta(4, 1, n)[:, None]
    return claims(compared(*((rng.random((n, 3)) < chance).astype(float) for _ in range(2)), "pass"))


# --- several scorers ---


def evaluated_memos(replications: int) -> None:
    """Ten scorers, nothing changed: is any claimed?"""
    rows = []
    for n in (40, 200):
        found = rates(f"evaluated/memo/{n}", replications, lambda rng, n=n: _memo(rng, n))
        rows.append((n, *found))
    table("Ten scorers without a change: any claim", ("rows", "Holm (≤ 5 %)", "each scorer alone"), rows)


def _memo(rng: Rng, n: int) -> list[bool | None]:
    found = [compared(*passed(rng, n, 0.2, 0.0), "pass") for _ in range(N_SCORERS)]
    adjusted = holm([one.p if one.p is not None else 1.0 for one in found])
    told = [judged(one, p, ALPHA, None) for one, p in zip(found, adjusted, strict=True)]
    return [any(map(claims, told)), any(map(claims, found))]


def quick() -> Rate:
    """One cell, for a test."""
    return rate("evaluated/quick", 400, lambda rng: claims(compared(*passed(rng, 40, 0.2, 0.0), "pass")))
