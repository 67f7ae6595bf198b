"""One rich chart of each kind, with the data and the names that real projects have."""

from __future__ import annotations

import math
import random
from datetime import UTC, datetime

from reportgen.model import Axis, Band, Chart, Mark, Trace

ALT = "A sample chart; its numbers are made up."


def ms(*at: int) -> float:
    return datetime(*at, tzinfo=UTC).timestamp() * 1000  # type: ignore[arg-type]


def curve(rng: random.Random, n: int, low: float, high: float, speed: float, noise: float) -> list[float]:
    value, found = 0.0, []
    for i in range(n):
        value = 0.7 * value + 0.3 * rng.gauss(0, noise)
        found.append(low + (high - low) * math.exp(-speed * i / n) + value)
    return found


def training_curves() -> Chart:
    rng = random.Random(1)
    steps = tuple(float(i * 100) for i in range(250))
    traces = []
    names = ["resnet50", "resnet101", "vit-b16", "vit-l16", "convnext-t", "convnext-s", "swin-t", "swin-b", "mixer-b", "deit-s"]
    for k, name in enumerate([*names, "efficientnet-v2-s-384px-rand-augment", "基线模型（学习率0.001）"]):
        ys = curve(rng, 250, 0.25 + 0.03 * k, 2.3 + rng.gauss(0, 0.1), 5 + rng.random() * 3, 0.05)
        traces.append(Trace(name, steps, tuple(ys)))
    return Chart("curves-12", "Training loss", "lines", Axis("step", format="integer"), Axis("train/loss"), ALT, tuple(traces))


def curves_with_bands() -> Chart:
    rng = random.Random(2)
    xs = tuple(float(i) for i in range(1, 61))
    traces, bands = [], []
    for k, name in enumerate(["control", "treatment", "treatment + dropout"]):
        ys = curve(rng, 60, 0.93 - 0.02 * k, 0.55, 4, 0.01)
        traces.append(Trace(name, xs, tuple(ys), color=k, width=2.2))
        spread = [0.04 * math.exp(-i / 30) + 0.008 for i in range(60)]
        low, high = (tuple(y + s * sign for y, s in zip(ys, spread, strict=True)) for sign in (-1, 1))
        bands.append(Band(f"{name}: 95 % interval over 8 seeds", xs, low, high, color=k, in_legend=False))
    marks = (Mark("y", 0.9, "gate: at least 90 %", "warning"), Mark("x", 20, "warm-up ends"))
    y = Axis("val_accuracy", format="percent")
    return Chart(
        "curves-bands", "Validation", "lines", Axis("epoch", format="integer"), y, ALT, tuple(traces), tuple(bands), marks
    )


def raw_and_smoothed() -> Chart:
    rng = random.Random(3)
    xs = tuple(float(i * 37) for i in range(400))
    traces = []
    for k, name in enumerate(["seed 0", "seed 1"]):
        raw = [y + rng.gauss(0, 0.12) for y in curve(rng, 400, 0.4 + 0.2 * k, 3, 6, 0.02)]
        smooth, mean = [], raw[0]
        for y in raw:
            mean = 0.95 * mean + 0.05 * y
            smooth.append(mean)
        traces.append(Trace(f"{name} raw", xs, tuple(raw), color=k, width=1, opacity=0.3, in_legend=False))
        traces.append(Trace(name, xs, tuple(smooth), color=k, width=2.2))
    return Chart("raw-smooth", "Loss", "lines", Axis("step", format="integer"), Axis("loss"), ALT, tuple(traces))


def learning_rate_log() -> Chart:
    xs = tuple(float(i) * 60 for i in range(120))
    warm = tuple(3e-4 * min(1, (i + 1) / 20) * math.exp(-i / 30) + 1e-7 for i in range(120))
    steps = tuple(1e-3 * 0.1 ** (i // 40) for i in range(120))
    traces = (Trace("cosine", xs, warm), Trace("step decay", xs, steps, mode="steps"))
    x, y = Axis("wall-clock time", format="duration"), Axis("learning rate", kind="log")
    return Chart("lr-log", "Learning rate", "lines", x, y, ALT, traces, height=280)


def best_over_time() -> Chart:
    rng = random.Random(4)
    xs = sorted(ms(2026, 8, 1) + rng.random() * 110 * 86_400_000 for _ in range(60))
    ys = [0.8 + 0.12 * (1 - math.exp(-i / 20)) + rng.gauss(0, 0.012) for i in range(60)]
    best, front = 0.0, []
    for y in ys:
        best = max(best, y)
        front.append(best)
    traces = (
        Trace("runs", tuple(xs), tuple(ys), mode="points", labels=tuple(f"bold-hawk-{i}" for i in range(60))),
        Trace("best so far", tuple(xs), tuple(front), mode="steps", width=2.2),
    )
    marks = (Mark("x", ms(2026, 11, 13), "last report"),)
    x, y = Axis("", kind="time", format="date"), Axis("val_accuracy (best of each run)", format="percent")
    return Chart("over-time", "Best over time", "points", x, y, ALT, traces, marks=marks)


def scatter_many() -> Chart:
    rng = random.Random(5)
    traces = []
    for k, name in enumerate(["adamw", "sgd", "lion"]):
        xs = [10 ** rng.uniform(-5, -1) for _ in range(600)]
        ys = [0.9 - 0.05 * (math.log10(x) + 3 + 0.4 * k) ** 2 + rng.gauss(0, 0.03) for x in xs]
        traces.append(Trace(name, tuple(xs), tuple(ys), mode="points"))
    best = Trace("best run", (1.1e-3,), (0.969,), mode="points", tone="best", labels=("calm-otter-417",), marker="diamond")
    x, y = Axis("params.learning_rate", kind="log"), Axis("val_auc")
    return Chart("scatter", "Learning rate and AUC", "points", x, y, ALT, (*traces, best), height=360)


def pareto() -> Chart:
    rng = random.Random(6)
    xs = [rng.uniform(5, 80) for _ in range(40)]
    ys = [0.7 + 0.22 * (1 - math.exp(-x / 25)) - abs(rng.gauss(0, 0.03)) for x in xs]
    pairs, best = sorted(zip(xs, ys, strict=True)), 0.0
    front = []
    for x, y in pairs:
        if y > best:
            best = y
            front.append((x, y))
    traces = (
        Trace("dominated", tuple(xs), tuple(ys), mode="points", marker="open", tone="muted"),
        Trace("Pareto front", tuple(p[0] for p in front), tuple(p[1] for p in front), mode="steps", color=0, width=2),
        Trace("on the front", tuple(p[0] for p in front), tuple(p[1] for p in front), mode="points", color=0, in_legend=False),
    )
    return Chart(
        "pareto", "Pareto", "points", Axis("latency (ms, p95)"), Axis("accuracy", format="percent"), ALT, traces, height=300
    )


def bars_with_errors() -> Chart:
    names = ("control", "treatment A", "treatment B", "treatment C")
    xs, ys = (0.0, 1.0, 2.0, 3.0), (0.9012, 0.9127, 0.9094, 0.8821)
    low, high = tuple(y - 0.006 - 0.002 * i for i, y in enumerate(ys)), tuple(y + 0.006 + 0.002 * i for i, y in enumerate(ys))
    trace = Trace("val_accuracy", xs, ys, "bars", low=low, high=high)
    x, y = Axis("", kind="category", categories=names), Axis("val_accuracy, mean of 8 seeds with 95 % interval", format="percent")
    return Chart("bars", "Variants", "bars", x, y, ALT, (trace,), height=300)


def bars_grouped() -> Chart:
    names = ("MNLI", "QQP", "QNLI", "SST-2", "CoLA", "STS-B")
    rng = random.Random(7)
    xs = tuple(float(i) for i in range(6))
    traces = tuple(
        Trace(n, xs, tuple(0.7 + 0.04 * k + rng.random() * 0.15 for _ in xs), "bars")
        for k, n in enumerate(["base", "large", "xl"])
    )
    x, y = Axis("", kind="category", categories=names), Axis("score")
    return Chart("bars-grouped", "Tasks", "bars", x, y, ALT, traces, height=300)


def bars_long_names() -> Chart:
    names = (
        "params.optimizer.learning_rate",
        "params.model.hidden_size",
        "params.data.augmentation.policy",
        "params.训练.批量大小",
        "params.scheduler.warmup_fraction",
        "params.model.dropout",
    )
    ys = (0.42, 0.23, 0.141, 0.08, -0.03, 0.012)
    trace = Trace("importance", tuple(float(i) for i in range(6)), ys, "bars")
    x, y = Axis("", kind="category", categories=names), Axis("permutation importance")
    return Chart("bars-long", "Importance", "bars", x, y, ALT, (trace,), height=260)


def forest() -> Chart:
    rows = ("val_accuracy", "val_auc", "test/f1_macro", "recall@10", "calibration/expected_calibration_error_15_bins", "ndcg@100")
    xs = (0.0121, 0.0034, 0.0088, -0.0041, -0.0019, 0.0002)
    half = (0.005, 0.002, 0.009, 0.006, 0.0012, 0.003)
    trace = Trace(
        "difference, mean and 95 % interval",
        xs,
        tuple(float(i) for i in range(6)),
        "points",
        low=tuple(x - h for x, h in zip(xs, half, strict=True)),
        high=tuple(x + h for x, h in zip(xs, half, strict=True)),
    )
    rng = random.Random(8)
    raw_x, raw_y = [], []
    for i, (x, h) in enumerate(zip(xs, half, strict=True)):
        raw_x += [rng.gauss(x, h * 1.2) for _ in range(8)]
        raw_y += [float(i)] * 8
    raw = Trace(
        "one pair of seeds", tuple(raw_x), tuple(raw_y), "points", tone="muted", labels=tuple(f"seed {i % 8}" for i in range(48))
    )
    marks = (Mark("x", 0.0, "no difference"), Mark("x", 0.01, "worth shipping", "good"))
    x, y = Axis("treatment − control", format="change"), Axis("", kind="category", categories=rows)
    return Chart("forest", "A/B", "intervals", x, y, ALT, (raw, trace), marks=marks, height=330)


def forest_seeds() -> Chart:
    rng = random.Random(9)
    rows = tuple(f"seed {i}" for i in range(8))
    traces = []
    for name, shift in (("control", 0.90), ("treatment", 0.912)):
        xs = tuple(shift + rng.gauss(0, 0.004) for _ in rows)
        low, high = tuple(x - 0.004 for x in xs), tuple(x + 0.004 for x in xs)
        traces.append(Trace(name, xs, tuple(float(i) for i in range(8)), "points", low=low, high=high))
    x, y = Axis("val_accuracy", format="percent"), Axis("", kind="category", categories=rows)
    return Chart("forest-seeds", "Seeds", "intervals", x, y, ALT, tuple(traces), height=320)


def slopes() -> Chart:
    rng = random.Random(10)
    traces = []
    for i in range(8):
        a = 0.90 + rng.gauss(0, 0.006)
        traces.append(Trace(f"seed {i}", (0.0, 1.0), (a, a + 0.008 + rng.gauss(0, 0.007)), "lines+points"))
    x, y = Axis("", kind="category", categories=("control", "treatment")), Axis("val_accuracy", format="percent")
    return Chart("slopes", "Pairs", "slopes", x, y, ALT, tuple(traces))


def confusion() -> Chart:
    names = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
    rng = random.Random(11)
    grid = tuple(
        tuple(float(rng.randint(880, 980)) if i == j else float(max(0, round(rng.expovariate(1 / 9)))) for j in range(10))
        for i in range(10)
    )
    x, y = Axis("predicted", kind="category", categories=names), Axis("true class", kind="category", categories=names)
    return Chart("confusion", "Confusion", "heatmap", x, y, ALT, grid=grid, height=380, z=Axis("images", format="integer"))


def correlations() -> Chart:
    rng = random.Random(12)
    names = tuple(f"metric_with_long_name_{i}" for i in range(24))
    points = [[rng.gauss(0, 1) for _ in range(6)] for _ in names]

    def corr(a: list[float], b: list[float]) -> float:
        return sum(p * q for p, q in zip(a, b, strict=True)) / math.sqrt(sum(p * p for p in a) * sum(q * q for q in b))

    grid = tuple(tuple(None if i == 5 and j > 15 else corr(a, b) for j, b in enumerate(points)) for i, a in enumerate(points))
    axis = Axis("", kind="category", categories=names)
    z = Axis("correlation", format="change", low=-1, high=1)
    return Chart("correlations", "Correlations", "heatmap", axis, axis, ALT, grid=grid, height=460, z=z)


def histogram() -> Chart:
    rng = random.Random(13)
    values = [rng.lognormvariate(5.5, 0.4) for _ in range(800)]
    counts = [0] * 30
    for v in values:
        counts[min(int(v / 30), 29)] += 1
    trace = Trace("runs", tuple(15.0 + 30 * i for i in range(30)), tuple(map(float, counts)), "bars")
    x, y = Axis("duration of a run", format="duration"), Axis("runs", format="integer")
    marks = (Mark("x", 245, "median 4 min 5 s"),)
    return Chart("histogram", "Durations", "histogram", x, y, ALT, (trace,), marks=marks, height=280)


def histogram_two() -> Chart:
    traces = []
    for name, mean in (("control", 0.62), ("treatment", 0.66)):
        xs = tuple(0.4 + 0.02 * i for i in range(24))
        traces.append(Trace(name, xs, tuple(round(90 * math.exp(-(((x - mean) / 0.07) ** 2))) * 1.0 for x in xs), "bars"))
    return Chart(
        "histogram-two", "Scores", "histogram", Axis("score"), Axis("users", format="integer"), ALT, tuple(traces), height=280
    )


def parallel() -> Chart:
    rng = random.Random(14)
    axes = (
        Axis("learning_rate", kind="log"),
        Axis("optimizer", kind="category", categories=("adamw", "lion", "sgd")),
        Axis("batch_size", format="integer"),
        Axis("dropout"),
        Axis("weight_decay", kind="log"),
        Axis("val_accuracy", format="percent"),
    )
    traces = []
    for i in range(60):
        rate, opt = 10 ** rng.uniform(-5, -1), float(rng.randrange(3))
        score = 0.9 - 0.03 * (math.log10(rate) + 3) ** 2 - 0.01 * opt + rng.gauss(0, 0.01)
        ys = (rate, opt, 2.0 ** rng.randrange(4, 9), rng.random() * 0.5, 10 ** rng.uniform(-6, -2), score)
        traces.append(Trace(f"run-{i}", tuple(float(k) for k in range(6)), ys))
    best = max(range(60), key=lambda i: traces[i].y[-1] or 0)
    lines = (*traces, Trace("best run", traces[best].x, traces[best].y, width=3, tone="bad"))
    return Chart("parallel", "Sweep", "parallel", Axis(""), Axis(""), ALT, lines, axes=axes, height=360)


def boxes() -> Chart:
    rng = random.Random(15)
    names = ("fold 1", "fold 2", "fold 3", "fold 4", "fold 5")
    traces = []
    for k, name in enumerate(["control", "treatment"]):
        xs = [float(i) for i in range(5) for _ in range(12)]
        traces.append(Trace(name, tuple(xs), tuple(0.8 + 0.015 * k + 0.01 * (x % 3) + rng.gauss(0, 0.02) for x in xs), "points"))
    x, y = Axis("", kind="category", categories=names), Axis("F1 of each user group")
    return Chart("boxes", "Folds", "box", x, y, ALT, tuple(traces), height=320)


SAMPLES = {
    chart.id: chart
    for chart in (
        training_curves(),
        curves_with_bands(),
        raw_and_smoothed(),
        learning_rate_log(),
        best_over_time(),
        scatter_many(),
        pareto(),
        bars_with_errors(),
        bars_grouped(),
        bars_long_names(),
        forest(),
        forest_seeds(),
        slopes(),
        confusion(),
        correlations(),
        histogram(),
        histogram_two(),
        parallel(),
        boxes(),
    )
}
