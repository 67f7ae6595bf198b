"""What all runs used of the machine together: hours, energy, curves; and, for page 1, what came near a limit."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reportgen.analyze.usage_totals import UsageLine
from reportgen.formats import one_line, percent, text_of
from reportgen.model import Axis, Block, Cell, Chart, Column, Finding, Table, Tile, Tiles, Trace
from reportgen.sections.view import View, beside, run_name, run_names

MOST_NAMED = 4
_DEVICE = re.compile(r"system/gpu_(\d+)_")


def usage_blocks(view: View) -> list[Block]:
    """Totals as tiles, and at most two charts beside each other."""
    charts = [_chart(view, family, lines) for family, lines in view.facts.usage.curves]
    tiles = _tiles(view)
    return [*([Tiles(tiles)] if tiles else []), *beside(charts)]


def _tiles(view: View) -> tuple[Tile, ...]:
    say, totals, every = view.say, view.facts.usage, len(view.facts.resources.runs)
    tiles: list[Tile] = []
    if totals.gpu_seconds is not None:
        note = say("usage-runs", n=totals.n_gpu_runs, all=every)
        tiles.append(Tile(say("usage-gpu-hours"), totals.gpu_seconds / 3600, "number", note=note))
    if totals.energy_wh is not None:
        note = say("usage-runs", n=totals.n_energy_runs, all=every)
        tiles.append(Tile(say("usage-energy"), totals.energy_wh, "number", note=note))
        factor = view.report.kg_co2_per_kwh
        if factor is not None:
            note = say("usage-carbon-note", factor=f"{factor:g}")
            tiles.append(Tile(say("usage-carbon"), totals.energy_wh * factor / 1000, "number", note=note))
    return tuple(tiles)


def _chart(view: View, family: str, lines: tuple[UsageLine, ...]) -> Chart:
    say = view.say
    keys = list(dict.fromkeys(line.key for line in lines))
    name_of = dict(zip(keys, run_names([view.run(key) for key in keys]), strict=True))
    names = [_name(view, line, name_of[line.key]) for line in lines]
    peak, highest = max(((max(line.y), name) for line, name in zip(lines, names, strict=True)), key=lambda one: one[0])
    shown = text_of(peak, "number") if family == "power" else percent(peak / 100)
    title = say("usage-curve", family=family)
    columns = (Column("run", "Run"), Column("seconds", say("usage-time"), "duration"), Column("value", say("usage-unit", family=family), "number"))  # fmt: skip
    rows = tuple(
        (Cell(name), Cell(x), Cell(y))
        for line, name in zip(lines, names, strict=True)
        for x, y in zip(line.x, line.y, strict=True)
    )
    y = Axis(say("usage-unit", family=family), low=0.0, high=None if family == "power" else 100.0)
    return Chart(
        f"usage-{family.replace('_', '-')}",
        title,
        "lines",
        Axis(say("usage-time"), format="duration"),
        y,
        say("usage-alt", family=family, runs=len(keys), peak=shown, run=highest),
        tuple(Trace(name, line.x, line.y, color=at) for at, (line, name) in enumerate(zip(lines, names, strict=True))),
        table=Table(f"usage-{family.replace('_', '-')}-data", title, columns, rows),
        height=220,
        method=(say("usage-method"),),
    )


def _name(view: View, line: UsageLine, name: str) -> str:
    """With the device, where the run has several."""
    device = _DEVICE.match(line.metric)
    family = next(lines for _, lines in view.facts.usage.curves if line in lines)
    several = sum(other.key == line.key for other in family) > 1
    return view.say("usage-device", run=name, gpu=device[1]) if device and several else name


def near_limits(view: View) -> Iterator[Finding]:
    """Runs whose memory was nearly full, of the machine or of a GPU."""
    full = [flag for flag in view.facts.resources.flags if flag.kind == "memory_full"]
    if not full:
        return
    worst = max(full, key=lambda flag: flag.value)
    names = list(dict.fromkeys(run_name(view.run(flag.key)) for flag in [worst, *full]))
    what = one_line(worst.metric.removeprefix("system/").removesuffix("_percentage").replace("_", " "), 60)
    detail = view.say(
        "usage-near-limit-detail", runs=view.say.listed(names, MOST_NAMED), what=what, peak=percent(worst.value / 100)
    )
    yield Finding(view.say("usage-near-limit", n=len(names)), detail, "warning")
