"""What every page is made of, made once before ``tests.forked`` forks: the subset of the font and plotly.js as a page carries it."""

from reportgen.charts import fonts
from reportgen.render.html import packed_plotly

fonts.inter_woff2()
packed_plotly()
