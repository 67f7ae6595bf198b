"""The Jinja environment and where templates are found.

``templates/`` lies at the root of the repository, where authors look for it, and inside the package in an installed
wheel; a user's own folders come first, file by file. All run in Jinja's sandbox: a template reads what it is given, and reaches nothing else
of Python.
"""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportgen.errors import RenderError
from reportgen.formats import one_line

if TYPE_CHECKING:
    from jinja2 import Environment, TemplateError

    from reportgen.render.brand import Brand

_ENDINGS = (".j2", ".css", ".js")


def environment_of(template_dirs: tuple[Path, ...] = (), brand: Brand | None = None) -> Environment:
    """Templates from ``template_dirs``, then ours. Everything is escaped, and a name that does not exist is an error.

    Small pictures have the accent of ``brand``.
    """
    import jinja2
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    from reportgen.render.filters import FILTERS, TESTS, visible_text
    from reportgen.render.markup import micro_markup
    from reportgen.words import Words

    if missing := [str(folder) for folder in template_dirs if not folder.is_dir()]:
        raise RenderError("template-folder", "a template folder does not exist", found=", ".join(missing))
    searched = jinja2.FileSystemLoader([*template_dirs, own_templates()])
    ours = jinja2.PrefixLoader({"own": jinja2.FileSystemLoader(own_templates())})  # so that a user's page can extend ours
    environment = ImmutableSandboxedEnvironment(
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
    environment.globals["say"] = Words()
    if brand is not None:
        environment.filters["micro"] = partial(micro_markup, accent=brand.tokens["light"]["accent"])
    return environment


def rendered(environment: Environment, template: str, context: Mapping[str, Any]) -> str:
    """The text of ``template``. Raises ``RenderError`` that names the template, the line and what is wrong there."""
    from jinja2 import TemplateError

    try:
        return environment.get_template(template).render(context)
    except TemplateError as error:
        where, line = _place(error, template)
        raise RenderError(
            "template-failed",
            f"template {where}, line {line}: {one_line(error.message or type(error).__name__, 300)}",
            todo="templates/README.md lists what templates know",
        ) from error


def _place(error: TemplateError, template: str) -> tuple[str, int]:
    """(template, line) where ``error`` is: of a mistake in its text, else the innermost template that was being filled."""
    from jinja2 import TemplateSyntaxError

    if isinstance(error, TemplateSyntaxError):
        return error.name or template, error.lineno
    own = str(own_templates())
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(_ENDINGS)]
    if not frames:
        return template, 1
    file = frames[-1].filename
    return (file.removeprefix(own).lstrip("/") if file.startswith(own) else file), frames[-1].lineno or 1


def own_templates() -> Path:
    """Our templates: inside the package when installed, beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "templates", package.parent / "templates"):
        if (folder / "page.html.j2").is_file():
            return folder
    raise RenderError("templates-missing", "reportgen's own templates are not where they belong", todo="install reportgen again")
