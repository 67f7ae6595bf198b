"""The Jinja environment and where templates are found.

``templates/`` lies at the root of the repository, where authors look for it, and inside the package in an installed
wheel; a user's own folders come first, file by file. Templates are code of whoever runs the report: they are trusted.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.errors import RenderError

if TYPE_CHECKING:
    from jinja2 import Environment


def environment_of(template_dirs: tuple[Path, ...] = ()) -> Environment:
    """Templates from ``template_dirs``, then ours. Everything is escaped, and a name that does not exist is an error."""
    import jinja2

    from reportgen.render.filters import FILTERS, TESTS, visible_text

    if missing := [str(folder) for folder in template_dirs if not folder.is_dir()]:
        raise RenderError("template-folder", "a template folder does not exist", found=", ".join(missing))
    searched = jinja2.FileSystemLoader([*template_dirs, own_templates()])
    ours = jinja2.PrefixLoader({"own": jinja2.FileSystemLoader(own_templates())})  # so that a user's page can extend ours
    environment = jinja2.Environment(
        loader=jinja2.ChoiceLoader([searched, ours]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        finalize=visible_text,
    )
    environment.filters |= FILTERS
    environment.tests |= TESTS
    return environment


def own_templates() -> Path:
    """Our templates: inside the package when installed, beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "templates", package.parent / "templates"):
        if (folder / "page.html.j2").is_file():
            return folder
    raise RenderError("templates-missing", "reportgen's own templates are not where they belong", todo="install reportgen again")
