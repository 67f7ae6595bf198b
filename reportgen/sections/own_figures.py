"""A Plotly figure that somebody else made, as a chart of the report: its JSON checked, its numbers as a table.

It is drawn by the page's plotly.js and, for paper, by the browser that exports figures; the report's own look takes the place of
the figure's template. No library of pictures is known here: a figure is whatever has ``to_plotly_json``.
"""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np

from reportgen.formats import one_line
from reportgen.model import Axis, Cell, Chart, Column, Table

LARGEST = 5_000_000
"""Characters of a figure's JSON."""
MOST_ROWS = 1000
"""Of the table behind it."""
TRACES = frozenset(
    [
        "bar",
        "barpolar",
        "box",
        "candlestick",
        "contour",
        "funnel",
        "funnelarea",
        "heatmap",
        "histogram",
        "histogram2d",
        "histogram2dcontour",
        "icicle",
        "indicator",
        "ohlc",
        "parcats",
        "pie",
        "sankey",
        "scatter",
        "scatterpolar",
        "scatterternary",
        "sunburst",
        "treemap",
        "violin",
        "waterfall",
    ]
)
"""Kinds that are drawn as SVG and fetch nothing: those of WebGL and of maps do not work under the page's policy."""
_LINK = re.compile(r"<(?=\s*/?\s*a\b)", re.IGNORECASE)
_DROPPED = ("template", "width", "autosize", "updatemenus", "sliders")


def own_chart(figure: object, chart_id: str, title: str, alt: str) -> Chart:
    """``figure`` (of Plotly, or a mapping with ``data`` and ``layout``) as a chart.

    Its own title, where it has one, takes the place of ``title``. Raises ``ValueError`` for what cannot be drawn.
    """
    made = figure if isinstance(figure, Mapping) else figure.to_plotly_json()  # type: ignore[attr-defined]
    data, layout = _plain(made.get("data", ())), _plain(made.get("layout", {}))
    if not isinstance(data, list) or not isinstance(layout, dict) or not all(isinstance(one, dict) for one in data):
        raise ValueError("a figure has data, a list of traces, and layout, a mapping")
    kinds = [str(trace.get("type", "scatter")) for trace in data]
    if refused := sorted({kind for kind in kinds if kind not in TRACES}):
        raise ValueError(f"traces of type {', '.join(refused)} cannot be drawn; possible are {', '.join(sorted(TRACES))}")
    own = layout.pop("title", None)
    own = own.get("text") if isinstance(own, dict) else own
    height = layout.pop("height", None)
    layout = {key: value for key, value in layout.items() if key not in _DROPPED}
    layout["images"] = [one for one in layout.get("images", ()) if str(one.get("source", "")).startswith("data:image/")]
    layout.setdefault("margin", {"l": 56, "r": 16, "t": 16, "b": 48})
    text = json.dumps({"data": data, "layout": layout}, allow_nan=False, sort_keys=True)
    if len(text) > LARGEST:
        raise ValueError(f"the figure has {len(text):,} characters of JSON; at most {LARGEST:,} are possible")
    name = one_line(own, 200) if isinstance(own, str) and own.strip() else title
    return Chart(
        chart_id,
        name,
        "plotly",
        Axis(_axis_title(layout, "xaxis")),
        Axis(_axis_title(layout, "yaxis")),
        alt,
        table=_numbers(data, f"{chart_id}-data", name),
        height=round(min(max(float(height), 120), 1200)) if isinstance(height, int | float) else 340,
        figure=text,
    )


def _axis_title(layout: Mapping[str, Any], axis: str) -> str:
    title = layout.get(axis, {}).get("title", "")
    title = title.get("text", "") if isinstance(title, dict) else title
    return one_line(title, 80) if isinstance(title, str) else ""


def _plain(value: Any) -> Any:
    """``value`` as JSON has it: arrays as lists, times as ISO 8601, what is not finite as null; no text can be a link."""
    match value:
        case Mapping() if "bdata" in value:
            return _plain(_array(value))
        case Mapping():
            return {str(key): _plain(one) for key, one in value.items()}
        case str():
            return _LINK.sub("&lt;", value)
        case None | bool() | int():
            return value
        case float():
            return value if math.isfinite(value) else None
        case datetime() | date():
            return value.isoformat()
        case _ if hasattr(value, "tolist"):
            return _plain(value.tolist())
        case Sequence():
            return [_plain(one) for one in value]
        case _ if hasattr(value, "to_plotly_json"):
            return _plain(value.to_plotly_json())
    raise ValueError(f"a figure cannot hold a {type(value).__name__}")


def _array(value: Mapping[str, Any]) -> Any:
    """Numbers as Plotly packs them: base64 with the type of an array, and its shape where it has several dimensions."""
    numbers = np.frombuffer(base64.b64decode(value["bdata"]), dtype=np.dtype(str(value["dtype"])).newbyteorder("<"))
    shape = value.get("shape")
    return numbers.reshape([int(n) for n in str(shape).split(",")]) if shape else numbers


def _numbers(data: Sequence[Mapping[str, Any]], table_id: str, title: str) -> Table:
    """The values of the traces under each other, in the columns that any of them has."""
    keys = [key for key in ("labels", "x", "y", "z", "r", "theta", "values") if any(_is_flat(trace.get(key)) for trace in data)]
    columns = (Column("trace", "Series"), *(Column(key, key.capitalize(), _format(data, key)) for key in keys))
    rows = list(_rows(data, keys, columns))
    return Table(table_id, title, columns, tuple(rows[:MOST_ROWS]), n_total=len(rows))


def _is_flat(values: Any) -> bool:
    return isinstance(values, list) and bool(values) and not any(isinstance(one, list | dict) for one in values)


def _format(data: Sequence[Mapping[str, Any]], key: str) -> Any:
    values = [one for trace in data if _is_flat(trace.get(key)) for one in trace[key]]
    return "number" if all(isinstance(one, int | float) or one is None for one in values) else "text"


def _rows(data: Sequence[Mapping[str, Any]], keys: Sequence[str], columns: Sequence[Column]) -> Iterator[tuple[Cell, ...]]:
    for at, trace in enumerate(data, 1):
        name = one_line(str(trace.get("name") or ""), 80) or str(at)
        found = [trace[key] if _is_flat(trace.get(key)) else [] for key in keys]
        for i in range(max((len(values) for values in found), default=0)):
            cells = (
                _cell(values[i] if i < len(values) else None, column.format)
                for values, column in zip(found, columns[1:], strict=True)
            )
            yield (Cell(name), *cells)


def _cell(value: Any, shown_as: str) -> Cell:
    if value is None or (shown_as == "number" and isinstance(value, int | float)):
        return Cell(value)
    return Cell(one_line(str(value), 120))
