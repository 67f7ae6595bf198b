"""A rich Report for looking and testing: every block kind, long and wide tables, many scripts, many problems.

Deterministic: all numbers come from closed formulas. ``example_report()`` is what the pictures in reviews are made of.
"""

from __future__ import annotations

import functools
import io
import math
from datetime import UTC, datetime, timedelta

from reportgen.errors import Problem
from reportgen.formats import slug
from reportgen.model import (
    Axis,
    Band,
    Block,
    Cell,
    Change,
    Chart,
    Column,
    Gallery,
    Gate,
    Image,
    Interval,
    Mark,
    Notice,
    Paragraph,
    Prose,
    Provenance,
    Report,
    RunLink,
    Section,
    Span,
    Table,
    Tile,
    Tiles,
    Trace,
    Verdict,
    Window,
)

NOW = datetime(2026, 11, 20, tzinfo=UTC)
SERVER = "https://mlflow.example.org/#/experiments/7/runs/"
NAMES = (
    "bold-lynx-412",
    "two-tower-wide-dropout-0.35-batch-4096-cosine-warmup-500-seed-17-resumed-from-checkpoint-000240",
    "排序模型-基线-第三次",
    "نموذج الترتيب (loss) 123",
    "ranker_v2/embedding_dim=256/negatives=hard",
    "推荐系统 two-tower β",
    "Größenänderung № 4",
    "ранжирование-γ",
)


def run(n: int) -> RunLink:
    run_id = f"{n * 2654435761 % 16**8:08x}{n:024x}"
    name = (
        NAMES[n % len(NAMES)]
        if n % 5 == 1
        else f"{('amber', 'brisk', 'calm', 'deft', 'eager')[n % 5]}-{('fox', 'gull', 'hare', 'ibis')[n % 4]}-{n:03d}"
    )
    return RunLink(run_id, name, f"{SERVER}{run_id}" if n % 7 else None)


def wave(n: int, scale: float = 1.0) -> float:
    return scale * (0.5 + 0.5 * math.sin(n * 1.618))


def overview() -> Section:
    return Section(
        "overview",
        "Overview",
        (
            Tiles(
                (
                    Tile(
                        "Validation accuracy",
                        0.93412,
                        "percent",
                        change=Change(0.0123, "percent_change", "good", "since 2026-11-13"),
                        note="best of 214 runs",
                        tone="best",
                    ),
                    Tile(
                        "Validation loss",
                        0.2171,
                        "number",
                        change=Change(-0.0342, "change", "good", "since 2026-11-13"),
                        note="amber-fox-003",
                    ),
                    Tile(
                        "Latency, 95th percentile",
                        0.183,
                        "duration",
                        change=Change(0.021, "change", "bad", "since 2026-11-13"),
                        note="n = 12 runs",
                    ),
                    Tile("Runs in the window", 214, "integer", change=Change(31, "change", "neutral", "the week before: 183")),
                    Tile("Failed runs", 9, "integer", note="4 % of all", tone="warning"),
                    Tile("Best run", run(1), "run", note="finished 2026-11-19"),
                    Tile("Calibration error", float("nan"), "number", note="NaN was logged by the best run"),
                    Tile("Cost", None, "number", note="not logged"),
                )
            ),
            Paragraph(
                (
                    Span("Validation accuracy rose to "),
                    Span("93.4 %", strong=True),
                    Span(", 1.2 points more than a week ago, in "),
                    Span("", run=run(3)),
                    Span(". Nine of 214 runs failed, six of them in the sweep over the embedding dimension."),
                )
            ),
            Verdict(
                "Treatment against control, validation accuracy",
                "better",
                "The treatment is better by 0.81 points [0.42, 1.20] over 24 pairs of runs with equal seeds.",
                "Better, because the whole 95 % interval of the paired difference lies above the smallest difference that matters (0.2 points), "
                "after Holm's correction over 3 metrics, with at least 20 pairs.",
                caveats=("Two pairs were left out: their dataset digests differ.",),
            ),
            Verdict(
                "Treatment against control, latency",
                "unclear",
                "The data do not say: the interval of the difference, −3 ms to +21 ms, covers no change as well as a relevant one.",
                "Not clear, because the interval holds both zero and the smallest difference that matters (10 ms).",
            ),
            Notice(
                "warning",
                "Six runs are still running",
                "They started in the window; their last values are not in the ranking.",
                "build the report again when they are done",
                "runs-running",
            ),
        ),
        "What happened this week, and what needs attention?",
    )


def leaderboard() -> Section:
    columns = (
        Column("rank", "#", "integer"),
        Column("run", "Run", "run"),
        Column("val_accuracy", "Validation accuracy", "percent", digits=2, goal="maximize", note="best step"),
        Column("val_loss", "Validation loss", "number", digits=4, goal="minimize", note="at that step"),
        Column("latency_p95", "Latency p95", "duration", goal="minimize"),
        Column("learning_rate", "learning_rate", "code"),
        Column("dropout", "dropout", "number"),
        Column("embedding_dim", "embedding_dim", "integer"),
        Column("optimizer", "optimizer", "code"),
        Column("negatives", "sampling.negatives_strategy", "text"),
        Column("ci", "95 % interval", "interval", digits=3),
        Column("status", "Status", "status"),
        Column("started", "Started", "time"),
        Column("duration", "Duration", "duration"),
    )
    rows = tuple(
        (
            Cell(n + 1),
            Cell(run(n)),
            Cell(0.934 - 0.0021 * n, "best" if n == 0 else "neutral", "best" if n == 0 else ""),
            Cell(0.217 + 0.004 * n if n != 7 else float("nan"), "bad" if n == 7 else "neutral"),
            Cell(0.183 + wave(n, 0.2) if n % 9 else None),
            Cell(f"{10 ** -(2 + n % 4):.0e}"),
            Cell(round(wave(n, 0.5), 2)),
            Cell(64 << n % 4),
            Cell(("adamw", "adafactor", "sgd")[n % 3]),
            Cell(("in-batch", "hard, mined each epoch", "uniform")[n % 3]),
            Cell(Interval(0.934 - 0.0021 * n, 0.92 - 0.0021 * n, 0.945 - 0.0021 * n, 8)),
            Cell("FINISHED" if n % 11 else "RUNNING", "neutral" if n % 11 else "warning"),
            Cell(NOW - timedelta(hours=3 * n, minutes=7)),
            Cell(3600 + wave(n, 9000)),
        )
        for n in range(40)
    )
    wide = Table(
        "leaderboard-0123456789",
        "The 40 best runs by validation accuracy",
        columns,
        rows,
        ("Ranked by the best step of val_accuracy; ties by start time.",),
        n_total=214,
        sortable=True,
    )
    narrow = Table(
        "what-differs-0123456789",
        "Parameters in which the best ten differ",
        (Column("param", "Parameter", "code"), Column("best", "Best run", "code"), Column("others", "The other nine", "text")),
        (
            (Cell("learning_rate"), Cell("3e-4", "good"), Cell("1e-2 (2), 1e-3 (4), 3e-3 (3)")),
            (Cell("optimizer"), Cell("adamw"), Cell("adafactor (3), sgd (6)")),
            (Cell("data.augmentation.policy"), Cell(None), Cell("randaugment-n2-m9 (9)")),
        ),
    )
    return Section("leaderboard", "Leaderboard", (narrow, wide), "Which runs are best, and what is different about them?")


def curves(n_points: int = 60) -> Chart:
    x = tuple(float(step) for step in range(n_points))
    names = ("control", "treatment", "排序模型 baseline", "a<b and c>d & e &amp; f")
    traces = tuple(
        Trace(
            name,
            x,
            tuple(0.62 + 0.08 * k + 0.23 * (1 - math.exp(-step / (9 + 3 * k))) + 0.006 * math.sin(step * (k + 1)) for step in x),
            color=k,
        )
        for k, name in enumerate(names)
    )
    band = Band(
        "control, 90 % of runs",
        x,
        tuple(y - 0.03 for y in traces[0].y if y is not None),
        tuple(y + 0.03 for y in traces[0].y if y is not None),
        color=0,
    )
    table = Table(
        "curves-numbers-0123456789",
        "Validation accuracy by epoch",
        (Column("epoch", "Epoch", "integer"), *(Column(f"y{k}", t.name, "percent", digits=1) for k, t in enumerate(traces))),
        tuple((Cell(int(step)), *(Cell(t.y[int(step)]) for t in traces)) for step in x),
        sortable=True,
    )
    return Chart(
        "val-accuracy-0123456789",
        "Validation accuracy by epoch",
        "lines",
        Axis("Epoch"),
        Axis("Validation accuracy", format="percent"),
        "Validation accuracy of four groups over 60 epochs. All rise fast until epoch 20 and flatten; treatment ends highest among the labelled groups at 93 %.",
        traces,
        (band,),
        (Mark("y", 0.9, "gate: at least 90 %", "warning"),),
        table=table,
        notes=("4 of 34 groups as lines, the others as a band.", "Thinned from 20,000 points; minima and maxima are kept."),
    )


def forest() -> Chart:
    metrics = ("val_accuracy", "ndcg@10", "recall_at_50_on_cold_start_users", "latency_p95")
    return Chart(
        "effects-0123456789",
        "Difference between treatment and control",
        "intervals",
        Axis("Standardised difference"),
        Axis("", "category", categories=metrics),
        "Standardised differences of four metrics with 95 % intervals. Two lie above zero, two cover it.",
        (
            Trace(
                "difference",
                (0.81, 0.4, 0.12, -0.1),
                (0.0, 1.0, 2.0, 3.0),
                "points",
                low=(0.42, 0.1, -0.2, -0.5),
                high=(1.2, 0.7, 0.44, 0.3),
            ),
        ),
        marks=(Mark("x", 0.0, "no difference"),),
        height=260,
    )


def heat() -> Chart:
    words = ("lr", "dropout", "dim", "batch", "depth", "warmup")
    return Chart(
        "correlation-0123456789",
        "Rank correlation of parameters and metrics",
        "heatmap",
        Axis("Parameter", "category", categories=words),
        Axis("Metric", "category", categories=("val_accuracy", "val_loss", "latency_p95")),
        "Rank correlations between six parameters and three metrics; the strongest is dropout against validation loss, 0.71.",
        grid=tuple(tuple(round(math.sin(3 * i + j), 2) if (i, j) != (1, 2) else None for j in range(6)) for i in range(3)),
        height=280,
    )


def histories() -> Section:
    return Section(
        "histories",
        "Training histories",
        (Paragraph((Span("Curves are drawn for the best four groups.", strong=False),), "muted"), curves(), forest(), heat()),
        "How did training go?",
    )


def comparison() -> Section:
    rows = tuple(
        (
            Cell(name),
            Cell(Interval(0.912 + k / 100, 0.905 + k / 100, 0.921 + k / 100, 24)),
            Cell(Interval(0.921 + k / 100, 0.913 + k / 100, 0.93 + k / 100, 24)),
            Cell(0.0081 - k / 300, "good" if k == 0 else "neutral"),
            Cell((0.0004, 0.031, 0.44)[k]),
            Cell(24),
        )
        for k, name in enumerate(("val_accuracy", "ndcg@10", "recall_at_50_on_cold_start_users"))
    )
    table = Table(
        "comparison-0123456789",
        "Treatment against control",
        (
            Column("metric", "Metric"),
            Column("a", "control", "estimate", digits=3),
            Column("b", "treatment", "estimate", digits=3),
            Column("delta", "Difference", "change", digits=4),
            Column("p", "p", "p", note="Holm"),
            Column("n", "Pairs", "integer"),
        ),
        rows,
        (
            "Paired by params.seed; 95 % intervals by the t distribution.",
            "Two pairs were left out: their dataset digests differ.",
        ),
    )
    return Section("comparison", "Comparison", (table, forest_twin()), "Is the treatment better than control?")


def forest_twin() -> Chart:
    return Chart(
        "pairs-0123456789",
        "Each pair of runs",
        "slopes",
        Axis("", "category", categories=("control", "treatment")),
        Axis("Validation accuracy", format="percent"),
        "Twelve pairs of runs; eleven rise from control to treatment.",
        tuple(
            Trace(
                f"seed {k}",
                (0.0, 1.0),
                (0.9 + 0.002 * k, 0.908 + 0.0021 * k - (0.02 if k == 7 else 0)),
                "lines+points",
                color=0,
                in_legend=False,
            )
            for k in range(12)
        ),
    )


def runs() -> Section:
    rows = tuple(
        (
            Cell(run(n)),
            Cell(("FINISHED", "FAILED", "RUNNING", "KILLED")[0 if n % 13 else 1 + n % 3], "bad" if n % 13 == 0 else "neutral"),
            Cell(NOW - timedelta(hours=2 * n)),
            Cell(1200 + wave(n, 7000)),
            Cell(0.93 - 0.001 * n if n % 17 else None),
            Cell(("ada", "grace", "陈景润", "jane.doe@example.com")[n % 4]),
        )
        for n in range(120)
    )
    table = Table(
        "runs-0123456789",
        "All runs",
        (
            Column("run", "Run", "run"),
            Column("status", "Status", "status"),
            Column("started", "Started", "time"),
            Column("duration", "Duration", "duration"),
            Column("val_accuracy", "Validation accuracy", "percent", goal="maximize"),
            Column("user", "User"),
        ),
        rows,
        sortable=True,
        paper_rows=45,
    )
    return Section("runs", "Runs", (table,), "Every run that was read")


def notes() -> Section:
    return Section(
        "notes",
        "Notes",
        (
            Prose(
                "# What we tried\n\nThe sweep over **embedding_dim** is finished; see the [design note](https://example.org/notes).\n\n"
                "1. keep `dropout` at 0.35\n2. try *hard negatives* again\n\n### Open\n\n> Is the gain still there on cold-start users?\n\n"
                "| bucket | users |\n|---|---|\n| cold | 12,034 |\n| warm | 88,120 |\n\n```python\nmodel = TwoTower(dim=256, negatives='hard')\n```\n",
                "config.yaml",
            ),
            Prose(
                "Baseline, third try. <b>not bold</b>\n\n- 数据集 v3\n- مرحبا", "note of run 排序模型-基线-第三次", quoted=True
            ),
            Gallery(
                "Logged pictures",
                tuple(Image(f"confusion matrix, fold {k}", png(k), f"Confusion matrix of fold {k}", run(k)) for k in range(3)),
                ("3 of 12 pictures shown.",),
            ),
            Notice("neutral", "Where these notes come from", "From the config file and from mlflow.note.content."),
            Notice(
                "bad",
                "History unreadable",
                "The history of loss in run 00ff ended after 12 of 400 points.",
                "read it again, or delete the run",
                "history-unreadable",
            ),
        ),
    )


@functools.cache
def png(seed: int) -> bytes:
    from PIL import Image as Picture

    picture = Picture.new("RGB", (160, 120))
    picture.putdata([((x * 3 + seed * 40) % 256, (y * 5) % 256, (x * y // 7) % 256) for y in range(120) for x in range(160)])
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def ledger() -> Table:
    rows = tuple(
        (Cell(name), Cell(item), Cell(n), Cell(n - out), Cell(out), Cell(why or None))
        for name, item, n, out, why in (
            ("recsys/two-tower", "runs", 220, 6, "6 deleted"),
            ("recsys/two-tower", "points", 1_204_322, 388, "388 unreadable"),
            ("推荐系统/排序", "runs", 12, 0, ""),
            ("推荐系统/排序", "points", 48_000, 0, ""),
        )
    )
    columns = (
        Column("experiment", "Experiment"),
        Column("item", "Item"),
        Column("n_store", "In the store", "integer"),
        Column("n_read", "Read", "integer"),
        Column("n_left_out", "Left out", "integer"),
        Column("why", "Why"),
    )
    return Table("ledger", "What the store holds, and what was read", columns, rows)


def problems() -> tuple[Problem, ...]:
    return (
        Problem(
            "history-unreadable",
            "run amber-fox-003, metric loss",
            "The history ended after 12 of 400 points.",
            "read it again, or delete the run",
        ),
        Problem(
            "runs-running",
            "6 runs",
            "They were still running when the store was read.",
            "build the report again later",
            "warning",
        ),
        *(
            Problem(
                "dataset-digest-differs",
                f"pair with seed {k}",
                "The two runs of this pair were trained on different data.",
                "",
                "warning",
            )
            for k in range(9)
        ),
        Problem(
            "metric-direction-guessed",
            "ndcg@10",
            "Its direction was taken from its name: higher is better.",
            "set metrics.ndcg@10.goal in the config",
            "note",
        ),
    )


def gates() -> tuple[Gate, ...]:
    return (
        Gate("accuracy of the best run", "PASS", "0.934 is at least 0.9.", "val_accuracy", 0.93412, 0.9, run(3)),
        Gate("latency budget", "FAIL", "0.183 s is more than 0.15 s.", "latency_p95", 0.183, 0.15, run(3)),
        Gate("calibration", "NO_DATA", "No finite value was logged.", "ece", None, 0.05),
    )


def example_report(*, sections: tuple[Section, ...] | None = None, **changes: object) -> Report:
    fields: dict[str, object] = {
        "name": "weekly",
        "title": "Recommender weekly",
        "generated_at": NOW,
        "window": Window(NOW - timedelta(days=7), NOW, "7 days to 2026-11-20"),
        "sections": sections if sections is not None else (overview(), comparison(), leaderboard(), histories(), notes(), runs()),
        "problems": problems(),
        "provenance": Provenance(
            "https://mlflow.example.org",
            "rest",
            "9f2b" * 16,
            "04ac" * 16,
            (("mlflow", "3.17.2"), ("plotly", "7.1.0"), ("scipy", "1.18.0"), ("weasyprint", "70.0")),
            ledger(),
            (("Experiments", "recsys/*"), ("Filter", "attributes.status = 'FINISHED'")),
        ),
        "gates": gates(),
        "headline": "Validation accuracy is at a new best of 93.4 %, but the latency gate failed and nine runs did not finish.",
        "metrics": {"n_runs": 214.0, "n_failed": 9.0, "n_problems": 12.0, "best/val_accuracy": 0.93412},
    }
    return Report(**{**fields, **changes})  # type: ignore[arg-type]


def report_with(*blocks: Block) -> Report:
    """A small report with only these blocks."""
    return example_report(sections=(Section("one", "One", blocks),), gates=(), problems=())


def table_id(title: str) -> str:
    return slug(title)
