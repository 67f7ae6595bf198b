"""Two sections of a team's own: a Plotly figure, and a table with a sentence.

Put such a file beside the config and name its functions among the sections:

    reports:
      weekly:
        sections: [overview, leaderboard, "team_sections:time_against_result", "team_sections:slowest_runs"]

A function gets one value with `.runs` (name, params, tags, last_values, seconds, finished …), `.best`, `.metric` and `.snapshot` (Arrow
tables), and returns what the section shows. docs/custom.md has the whole contract.
"""

import pyarrow as pa


def time_against_result(data):
    """One dot for each finished run: how long it took, and what came of it."""
    import plotly.graph_objects as go

    runs = [run for run in data.runs if run.finished and run.seconds is not None and data.metric in run.last_values]
    if len(runs) < 2:
        return None  # nothing to say: the section is left out
    figure = go.Figure(
        go.Scatter(
            x=[run.seconds for run in runs],
            y=[run.last_values[data.metric] for run in runs],
            text=[run.name for run in runs],
            mode="markers",
            name=data.metric,
        )
    )
    figure.update_layout(title=f"{data.metric} over run duration", xaxis_title="seconds", yaxis_title=data.metric)
    return figure


def slowest_runs(data):
    """A sentence and a table."""
    timed = sorted((run for run in data.runs if run.seconds is not None), key=lambda run: (-run.seconds, run.run_id))[:5]
    if not timed:
        return None
    table = pa.table({"Run": [run.name for run in timed], "Seconds": [run.seconds for run in timed]})
    return ["The runs to look at first when the cluster is full:", table]
