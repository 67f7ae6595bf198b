"""Charts: from the neutral description in ``reportgen.model`` to a Plotly figure for the screen and a picture for paper."""
