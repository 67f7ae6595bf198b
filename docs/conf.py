"""How the pages become a site: `make site`."""

from __future__ import annotations

import os
import sys
from importlib.metadata import version as installed
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

project = "reportgen"
author = "the reportgen authors"
version = release = installed("reportgen")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_copybutton"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 4
myst_url_schemes = {"http": None, "https": None, "mailto": None, "sample": "sample-{{path}}"}
"""``sample:memo.pdf``: a report that `make site` has put beside the pages."""
exclude_patterns = ["schemas", "_build"]
autodoc_typehints = "description"
autodoc_member_order = "bysource"
copybutton_exclude = ".linenos, .gp, .go"

html_theme = "furo"
html_title = "reportgen"
html_static_path: list[str] = []
html_show_copyright = False
html_show_sphinx = False
html_copy_source = False
html_extra_path = [str(HERE.parent / "build" / "samples")] if (HERE.parent / "build" / "samples").is_dir() else []
html_last_updated_fmt = None
os.environ.setdefault("SOURCE_DATE_EPOCH", "0")
