"""Charts: from the neutral description in ``reportgen.model`` to a Plotly figure for the screen and a picture for paper.

``screen_figure`` and ``templates`` are what a page needs; ``paper_images`` makes the pictures of the PDF and of the
``charts/`` folder; ``chart_problems`` says what a picture leaves out. Importing this package imports neither plotly nor
kaleido nor matplotlib.
"""

from reportgen.charts.browser import find_browser
from reportgen.charts.clean import chart_problems
from reportgen.charts.paper import ChartImage, PaperCharts, PaperOptions, paper_images
from reportgen.charts.screen import PLOTLY_CONFIG, plotly_js, plotly_version, screen_figure, templates

__all__ = [
    "PLOTLY_CONFIG",
    "ChartImage",
    "PaperCharts",
    "PaperOptions",
    "chart_problems",
    "find_browser",
    "paper_images",
    "plotly_js",
    "plotly_version",
    "screen_figure",
    "templates",
]
