"""Every block of a report once, with made-up numbers: what ``reportgen gallery`` draws for authors of templates, and what the visual tests compare.

Deterministic: all numbers come from closed formulas.
"""

from __future__ import annotations

import math
import struct
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

from reportgen.model import (
    Axis,
    Band,
    Bar,
    Cell,
    Change,
    Chart,
    Chip,
    Column,
    DotStrip,
    Figure,
    Finding,
    Findings,
    Gallery,
    Gate,
    Image,
    Interval,
    IntervalStrip,
    Mark,
    Notice,
    Outcome,
    Paragraph,
    Prose,
    Provenance,
    Report,
    Row,
    RunLink,
    Section,
    Span,
    Sparkline,
    Table,
    Tile,
    Tiles,
    Tone,
    Trace,
    Verdict,
    Window,
)
from reportgen.sections.own_figures import own_chart

DAY = datetime(2026, 11, 30, tzinfo=UTC)
RUN = RunLink("0f3b9a6c51d24e7f8a90b1c2d3e4f506", "wide, seed 6")
COURSE = (0.953, 0.957, 0.961, 0.961, 0.968, 0.971, 0.976, 0.98)


def specimen() -> Report:
    """The report; a section for each family of blocks."""
    ledger = Table(
        "ledger", "What was read", (Column("item", "Item"), Column("n", "Read", "integer")), ((Cell("runs"), Cell(72)),)
    )
    return Report(
        "gallery",
        "Gallery of blocks",
        DAY,
        Window(DAY - timedelta(days=7), DAY, "7 days to 2026-11-30"),
        (_page_one(), _words(), _tables(), *_charts(), _pictures()),
        (),
        Provenance("sqlite:///mlflow.db", "sqlite", "0" * 64, "1" * 64, (), ledger),
        gates=(
            Gate("Accuracy", "PASS", "The best run has 98.0 %; the bound is at least 95 %.", "val_accuracy", 0.98, 0.95),
            Gate("Latency", "FAIL", "The best run takes 46 ms; the bound is at most 45 ms.", "latency_p95", 0.046, 0.045),
        ),
        headline="Accuracy reached a new best of 98.0 %, and the wider network beats the baseline.",
    )


def _strip() -> IntervalStrip:
    return IntervalStrip(
        Interval(0.43, 0.15, 0.7, 12),
        -0.4,
        1.0,
        "Better by 0.43, between 0.15 and 0.70.",
        margin=(-0.1, 0.1),
        tone="good",
        zero_label="no difference",
    )


def _dots() -> tuple[tuple[str, DotStrip, str], ...]:
    groups = (("baseline", 96.2, "neutral", "96.7 %"), ("wide", 96.6, "good", "97.1 %"))
    return tuple(
        (
            name,
            DotStrip(
                tuple(low + 0.1 * (7 * n % 11) for n in range(12)),
                95.8,
                98.2,
                f"{name}: mean {text}.",
                Interval(low + 0.5, low + 0.3, low + 0.7, 12),
                tone,  # type: ignore[arg-type]
            ),
            text,
        )
        for name, low, tone, text in groups
    )


def _page_one() -> Section:
    tiles = Tiles(
        (
            Tile("Validation accuracy", 0.98, "percent", 1, Change(0.4, "change", "good", "on last week", 1), "wide, seed 6", "best", Sparkline(COURSE, "Rises.", "good")),
            Tile("Latency p95", 0.046, "duration", None, Change(0.005, "change", "bad", "on last week", 3), "at most 45 ms", "bad", Sparkline(tuple(reversed(COURSE)), "Falls.", "bad")),
            Tile("Runs", 72, "integer", note="71 finished, 1 failed", chart=Sparkline((40, 52, None, 60, 72), "More.")),
            Tile("Cost", None, note="not recorded"),
        )
    )  # fmt: skip
    verdict = Verdict(
        "Wide network vs. baseline",
        "better",
        "Between 0.15 and 0.70 with 95 % confidence; better on 9 of 12 seeds.",
        "Paired t test over 12 seeds.",
        "good",
        ("Says nothing about other data.",),
        "Better by 0.43 pp",
        Figure((("", _strip(), ""),), "change", 1),
    )
    changed = Findings(
        "What changed",
        (
            Finding("New best accuracy: 98.0 %, was 97.6 %", "wide, seed 6", "good", "▲"),
            Finding("Cross-validation unchanged at 0.062", "5 settings, 5 folds each", "neutral", "="),
        ),
    )
    attention = Findings(
        "Needs attention",
        (
            Finding("Latency p95 is 1 ms over its bound", "46 ms, at most 45 ms", "bad"),
            Finding("1 run diverged at step 13", "learning-rate range test", "warning"),
        ),
        n_more=2,
    )
    chips = (Chip("72 of 72 runs read", "neutral"), Chip("1 caveat", "warning"))
    return Section("overview", "Page 1", (tiles, verdict, Row((changed, attention))), is_brief=True, chips=chips)


def _words() -> Section:
    paragraphs = tuple(Paragraph((Span(f"A paragraph, {tone}: "), Span("strong", strong=True), Span(", and a run, "), Span("", run=RUN), Span(".")), tone) for tone in get_args(Tone))  # fmt: skip
    notices = tuple(
        Notice(tone, f"A notice, {tone}", "What the reader must see in its place.", "what to do", "a-slug")
        for tone in ("neutral", "warning", "bad")
    )
    prose = (
        Prose(
            "Markdown of the author, with **bold**, `code`, a [link](https://example.org) and\n\n- a list\n- of two",
            "config.yaml",
        ),
        Prose("> A note that somebody wrote in MLflow.", "note of run wide, seed 6", quoted=True),
    )
    verdicts = tuple(
        Verdict(f"Verdict, {outcome}", outcome, "What the numbers say.", "", heading="") for outcome in get_args(Outcome)
    )
    return Section("words", "Words", (*paragraphs, *notices, *prose, *verdicts), "Which blocks are sentences?")


def _tables() -> Section:
    columns = (
        Column("run", "Run", "run"),
        Column("accuracy", "Accuracy", "percent", 1, "maximize", note="last value"),
        Column("loss", "Loss", "number", 3, "minimize"),
        Column("bar", ""),
        Column("curve", "Curve"),
        Column("interval", "95 % interval", "estimate", 3),
        Column("lr", "lr", "code"),
        Column("state", "State", "status"),
        Column("started", "Started", "time"),
        Column("duration", "Duration", "duration"),
    )
    tones: tuple[Tone, ...] = ("best", "good", "neutral", "warning", "bad", "muted")
    rows = tuple(
        (
            Cell(RunLink(f"{n:032x}", f"wide, seed {n}")),
            Cell(0.98 - 0.004 * n, tone, "best" if tone == "best" else ""),
            Cell(0.09 + 0.01 * n if n != 4 else math.nan),
            Cell(None, chart=Bar(0.98 - 0.1 * n, 1.0, "A bar.", tone="good" if n == 0 else "neutral")),
            Cell(None, chart=Sparkline(COURSE[: 8 - n], "A curve.")),
            Cell(Interval(0.912 + n / 100, 0.905 + n / 100, 0.921 + n / 100, 12)),
            Cell("3e-4"),
            Cell("FINISHED" if n != 4 else "FAILED", "neutral" if n != 4 else "bad"),
            Cell(DAY - timedelta(hours=3 * n)),
            Cell(61.0 * (n + 1)),
        )
        for n, tone in enumerate(tones)
    )
    table = Table("table", "A table, sorted and filtered on screen", columns, rows, ("At most two notes.",), 40, sortable=True)
    facts = Table(
        "facts",
        "Facts: labels and values",
        (Column("what", "What"), Column("value", "Value")),
        ((Cell("Data set"), Cell("digits (3f9c…)")), (Cell("Version"), Cell(3, format="integer")), (Cell("Missing"), Cell(None))),
        layout="facts",
    )
    return Section(
        "tables", "Tables", (table, facts, Figure(_dots(), "number", 1, "A figure: every run", "Small pictures share an axis."))
    )


def _charts() -> tuple[Section, ...]:
    curves, kinds = (_lines(), _points(), _bars()), (_intervals(), _slopes(), _heatmap(), _histogram(), _parallel(), _box())
    own = Section("own", "Figure of one's own", (_own(),))
    return Section("curves", "Charts", curves), Section("kinds", "Further kinds of charts", kinds), own


def _with_table(chart: Chart) -> Chart:
    columns = (Column("series", "Series"), Column("x", "x", "number"), Column("y", "y", "number"))
    rows = tuple(
        (Cell(trace.name), Cell(x), Cell(y)) for trace in chart.traces for x, y in zip(trace.x[:5], trace.y[:5], strict=True)
    )
    return replace(chart, table=Table(f"{chart.id}-data", chart.title, columns, rows), height=250)


def _lines() -> Chart:
    steps = tuple(float(n) for n in range(40))
    traces = tuple(
        Trace(name, steps, tuple(0.97 - 0.02 * k - 0.3 * math.exp(-n / (5 + 2 * k)) for n in range(40)), color=k)
        for k, name in enumerate(("wide", "deep", "baseline"))
    )
    y = traces[2].y
    band = Band("others", steps, tuple((v or 0) - 0.05 for v in y), tuple((v or 0) + 0.02 for v in y), tone="muted")
    marks = (Mark("y", 0.95, "gate: at least 95 %", "warning"),)
    axis = Axis("Validation accuracy", format="percent")
    return _with_table(Chart("lines", "Wide ends highest", "lines", Axis("Step", format="integer"), axis, "Three curves rise and flatten.", traces, (band,), marks))  # fmt: skip


def _points() -> Chart:
    xs = tuple(DAY.timestamp() * 1000 - 86_400_000.0 * n for n in range(20, 0, -1))
    ys = tuple(0.95 + 0.0012 * n + 0.004 * math.sin(2.3 * n) for n in range(20))
    best = tuple(max(ys[: n + 1]) for n in range(20))
    traces = (Trace("Finished run", xs, ys, "points"), Trace("Best so far", xs, best, "steps"))
    return _with_table(Chart("points", "Best so far: 98 %", "points", Axis("", "time", "date"), Axis("Accuracy", format="percent"), "The best value rises.", traces))  # fmt: skip


def _bars() -> Chart:
    trace = Trace("Importance", (0.0, 1.0, 2.0), (0.42, 0.23, -0.04), "bars", low=(0.36, 0.2, -0.1), high=(0.5, 0.27, 0.02))
    axis = Axis("", "category", categories=("learning rate", "hidden units", "dropout"))
    return _with_table(Chart("bars", "The learning rate matters most", "bars", axis, Axis("Importance"), "Three bars.", (trace,)))


def _intervals() -> Chart:
    trace = Trace("Difference", (0.43, 0.1, -0.2), (0.0, 1.0, 2.0), "points", low=(0.15, -0.2, -0.5), high=(0.7, 0.4, 0.1))
    axis = Axis("", "category", categories=("accuracy", "recall", "latency"))
    return _with_table(Chart("intervals", "Accuracy alone is better", "intervals", Axis("Difference"), axis, "One of three is above zero.", (trace,), marks=(Mark("x", 0.0, "no difference"),)))  # fmt: skip


def _slopes() -> Chart:
    traces = tuple(Trace(f"seed {n}", (0.0, 1.0), (0.96 + 0.001 * n, 0.966 + 0.0005 * n), "lines+points") for n in range(6))
    axis = Axis("", "category", categories=("baseline", "wide"))
    return _with_table(
        Chart("slopes", "Every seed rises", "slopes", axis, Axis("Accuracy", format="percent"), "Six pairs.", traces)
    )


def _heatmap() -> Chart:
    names = ("cat", "dog", "bird", "fish")
    grid = tuple(tuple(90.0 if i == j else float(3 * ((2 * i + j) % 4)) for j in range(4)) for i in range(4))
    x, y = Axis("Predicted", "category", categories=names), Axis("True class", "category", categories=names)
    chart = Chart(
        "heatmap", "Confusion matrix", "heatmap", x, y, "Most are on the diagonal.", grid=grid, z=Axis("Images", format="integer")
    )
    return _with_table(chart)


def _histogram() -> Chart:
    xs = tuple(10.0 * n for n in range(12))
    trace = Trace("Runs", xs, tuple(float(round(40 * math.exp(-(((n - 5) / 2.5) ** 2)))) for n in range(12)), "bars")
    return _with_table(Chart("histogram", "Run duration", "histogram", Axis("Duration", format="duration"), Axis("Runs", format="integer"), "Most take 50 s.", (trace,)))  # fmt: skip


def _parallel() -> Chart:
    axes = (
        Axis("lr", "log"),
        Axis("optimizer", "category", categories=("adamw", "sgd")),
        Axis("accuracy", format="percent", goal="maximize"),
    )
    xs = (0.0, 1.0, 2.0)
    traces = tuple(Trace(f"run {n}", xs, (10 ** (-4 + 0.2 * n), float(n % 2), 0.9 + 0.008 * (n % 9))) for n in range(12))
    return _with_table(Chart("parallel", "Sweep", "parallel", Axis(""), Axis(""), "Twelve runs.", traces, axes=axes))


def _box() -> Chart:
    xs = tuple(float(n % 3) for n in range(30))
    trace = Trace("Runs", xs, tuple(0.9 + 0.01 * x + 0.004 * (7 * n % 11) for n, x in enumerate(xs)), "points")
    axis = Axis("", "category", categories=("fold 1", "fold 2", "fold 3"))
    return _with_table(Chart("box", "Folds", "box", axis, Axis("F1"), "Three folds.", (trace,)))


def _own() -> Chart:
    figure = {
        "data": [{"type": "pie", "labels": ["train", "test"], "values": [0.8, 0.2]}],
        "layout": {"title": "A pie", "height": 240},
    }
    return own_chart(figure, "own", "A pie", "Four fifths are for training.")


def _pictures() -> Section:
    images = tuple(Image(f"Picture {n}", _png(n), f"Picture {n}.", RUN) for n in (1, 2))
    return Section("pictures", "Pictures", (Gallery("Pictures that runs logged", images, ("Shown as they are.",)),))


def _png(n: int) -> bytes:
    """Tiles of two colours, 120 × 80 pixels."""
    rows = b"".join(
        b"\0" + bytes(v for x in range(120) for v in ((43, 95, 217) if (x // 20 + y // 20) % 2 else (195, 200, 60 * n)))
        for y in range(80)
    )
    parts = ((b"IHDR", struct.pack(">IIBBBBB", 120, 80, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
