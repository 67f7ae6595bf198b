"""The report that tutorials make: ``python -m benchmarks.tutorial_report URI EXPERIMENT FOLDER``, the baseline of ``benchmarks.whole``.

``search_runs``, ``get_metric_history`` for each run and metric, one Plotly figure for each metric with a line for each run, ``to_image``
of each, a Jinja template, HTML with the figures in it, and a PDF by WeasyPrint. No statistics, no ledger, no checks.
"""

from __future__ import annotations

import base64
import logging
import os
import shutil
import sys
from pathlib import Path

TEMPLATE = """<!doctype html><html><head><meta charset="utf-8"><title>{{ experiment }}</title></head><body>
<h1>{{ experiment }}</h1>
{{ runs }}
{% for name, figure, image in charts %}<h2>{{ name }}</h2>
{% if paper %}<img src="data:image/png;base64,{{ image }}" width="600">{% else %}{{ figure }}{% endif %}
{% endfor %}</body></html>"""


def main(uri: str, experiment: str, folder: Path) -> None:
    import jinja2
    import mlflow
    import plotly.graph_objects as go
    import weasyprint
    from mlflow.tracking import MlflowClient

    logging.disable(logging.WARNING)
    browser = next(filter(None, (shutil.which(name) for name in ("google-chrome", "chromium-headless-shell", "chromium"))), None)
    if browser:
        os.environ.setdefault("BROWSER_PATH", browser)  # Kaleido's own search does not know every name
    folder.mkdir(parents=True, exist_ok=True)
    mlflow.set_tracking_uri(uri)
    client = MlflowClient()
    runs = mlflow.search_runs(experiment_names=[experiment], max_results=50_000)
    metrics = sorted(column.removeprefix("metrics.") for column in runs.columns if column.startswith("metrics."))
    charts = []
    for metric in metrics:
        figure = go.Figure()
        for run_id in runs["run_id"]:
            history = client.get_metric_history(run_id, metric)
            figure.add_scatter(x=[point.step for point in history], y=[point.value for point in history], name=run_id[:8])
        image = base64.b64encode(figure.to_image(format="png", width=900, height=500)).decode()
        charts.append((metric, figure.to_html(full_html=False, include_plotlyjs=not charts), image))
    template = jinja2.Environment(autoescape=False).from_string(TEMPLATE)
    facts = {"experiment": experiment, "runs": runs.describe().to_html(), "charts": charts}
    (folder / "report.html").write_text(template.render(paper=False, **facts), "utf-8")
    weasyprint.HTML(string=template.render(paper=True, **facts)).write_pdf(folder / "report.pdf")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
