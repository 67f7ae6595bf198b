"""Write docs/problems.md from the code: every error that ends a command, and every problem that a report may name.

    python -m scripts.problems            write the page
    python -m scripts.problems --check    end with 1 when the page is not what the code says

The code is read, not run. A text that is put together when it is needed is shown with … in the place of what it is about.
"""

from __future__ import annotations

import ast
import itertools
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fluent.syntax import FluentParser
from fluent.syntax import ast as syntax

from reportgen.words import DEFAULT_LANGUAGE
from scripts.pages import table_row, written

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "reportgen"
PAGE = ROOT / "docs" / "problems.md"

HEADER = """\
# Problems and errors

*This page is written from the code by `make docs`; do not edit it.*

Everything that can go wrong has a short stable name, its **slug**. `…` stands for what it is about: a run, a file, a value.
"""
ERRORS = """
## Errors that end a command

They are printed as `error: …` with what was found, what is allowed and what to do, and decide the exit code (`--json`: `error.slug`).
An earlier report is untouched. Errors of a delivery (exit code 6) come when the report is already in its folder.

| slug | exit code | where | what it says | what to do |
|---|---|---|---|---|
"""
PROBLEMS = """
## Problems that a report names

They cost only their own place and are listed in the report, in `manifest.json`, in `verdict.json` and on the terminal. A **gap** is
something that should be in the report and is not (exit code 3); a **warning** must be read with care; a **note** is worth knowing.

| slug | severity | where | what it says | what to do |
|---|---|---|---|---|
"""
ANYTHING = "…"
_SLUG = re.compile(r"[a-z]+(-[a-z0-9]+)+")
PARAMETERS = {
    "Problem": ("slug", "where", "what", "todo", "severity"),
    "error": ("slug", "what"),
}


Call = tuple[Path, ast.Call, ast.AST]


@dataclass(frozen=True, order=True)
class Entry:
    """One slug as one place in the code gives it."""

    slug: str
    kind: str
    """The severity of a problem, the exit code of an error."""
    room: str
    what: str
    todo: str
    is_error: bool


def messages() -> dict[str, str]:
    """Id of each message of the catalogue → its text, with … for values; of several forms the default one."""
    found = {}
    for file in sorted((PACKAGE / "words" / DEFAULT_LANGUAGE).glob("*.ftl")):
        for entry in FluentParser().parse(file.read_text("utf-8")).body:
            if isinstance(entry, syntax.Message) and entry.value is not None:
                found[entry.id.name] = _said(entry.value)
    return found


def _said(pattern: syntax.Pattern) -> str:
    return "".join(
        element.value if isinstance(element, syntax.TextElement) else _placed(element.expression) for element in pattern.elements
    )


def _placed(expression: object) -> str:
    match expression:
        case syntax.StringLiteral(value=text):
            return str(text)
        case syntax.SelectExpression(variants=variants):
            return next(_said(variant.value) for variant in variants if variant.default)
        case syntax.Placeable(expression=inner):
            return _placed(inner)
    return ANYTHING


MESSAGES = messages()


class Texts:
    """What expressions of one function say, as far as that can be read in it."""

    def __init__(self, scope: ast.AST) -> None:
        self.values: dict[str, list[ast.expr]] = {}
        for node in ast.walk(scope):
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                    self._note(target, node.value)

    def _note(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self.values.setdefault(target.id, []).append(value)
        elif isinstance(target, ast.Tuple):
            for at, name in enumerate(target.elts):
                self._note(name, value.elts[at] if isinstance(value, ast.Tuple) and len(value.elts) > at else ast.Name(ANYTHING))

    def of(self, node: ast.expr | None, seen: frozenset[str] = frozenset()) -> list[str]:
        """Every text that ``node`` may be."""
        match node:
            case None:
                return [""]
            case ast.Constant(value=str(text)):
                return [text]
            case ast.Constant(value=None):
                return [""]
            case ast.JoinedStr(values=values):
                parts = [self._part(v, seen) for v in values]
                return list(dict.fromkeys("".join(one) for one in itertools.product(*parts)))
            case ast.Call(func=ast.Name(id="say") | ast.Attribute(attr="say"), args=[name, *_]):
                return [MESSAGES.get(id_, ANYTHING) for id_ in self.of(name, seen)]
            case ast.Call(func=ast.Name(id="MessageId"), args=[name]):
                return self.of(name, seen)
            case ast.IfExp(body=body, orelse=other):
                return list(dict.fromkeys([*self.of(body, seen), *self.of(other, seen)]))
            case ast.BinOp(op=ast.Add(), left=left, right=right):
                return [a + b for a in self.of(left, seen) for b in self.of(right, seen)]
            case ast.Name(id=name) if name in self.values and name not in seen:
                texts = [text for value in self.values[name] for text in self.of(value, seen | {name})]
                return list(dict.fromkeys(texts))
        return [ANYTHING]

    def _part(self, node: ast.expr, seen: frozenset[str]) -> list[str]:
        """A part of a text that is put together: its words where they are in the catalogue, else what it is about."""
        match node:
            case ast.Constant(value=str(text)):
                return [text]
            case ast.FormattedValue(value=ast.Call() as call):
                return self.of(call, seen)
        return [ANYTHING]


def error_codes(trees: Iterable[ast.Module]) -> dict[str, int]:
    """Name of each error → its exit code, as reportgen/errors.py says, with those that other modules derive."""
    tree = ast.parse((PACKAGE / "errors.py").read_text("utf-8"))
    numbers = {
        _name(node.targets[0]): node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, int)
    }
    codes = {"ReportError": numbers["EXIT_INTERNAL"]}
    classes = [node for module in (tree, *trees) for node in module.body if isinstance(node, ast.ClassDef)]
    for node in classes:
        bases = [_name(base) for base in node.bases if _name(base) in codes]
        own = [_name(item.value) for item in node.body if isinstance(item, ast.Assign) and _name(item.value) in numbers]
        if bases:
            codes[node.name] = numbers[own[0]] if own else codes[bases[0]]
    return codes


def entries() -> tuple[list[Entry], list[str]]:
    """Every place of the code that makes an error or a problem, and those whose slug cannot be read there."""
    trees = {path: ast.parse(path.read_text("utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}
    codes = error_codes(trees.values())
    calls = [(path, call, scope) for path, tree in trees.items() for call, scope in _calls(tree, tree)]
    found: list[Entry] = []
    unread: list[str] = []
    for path, call, scope in calls:
        name = _name(call.func)
        if name != "Problem" and name not in codes:
            continue
        room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        fields = PARAMETERS["Problem" if name == "Problem" else "error"]
        given = _given(call, fields)
        slug = given.get("slug")
        if slug is None or (isinstance(slug, ast.Attribute) and slug.attr == "slug"):
            continue  # a problem that was made elsewhere is handed on
        made = _entries(given, name, Texts(scope), room, codes)
        if not made and isinstance(slug, ast.Name) and isinstance(scope, ast.FunctionDef):
            made = [
                *_from_callers(given, name, scope, calls, _pairs(trees, room), room, codes),
                *_from_table(given, name, scope, trees[path], room, codes),
            ]
        unread += [] if made else [f"{path.relative_to(PACKAGE)}: {ast.unparse(call)}"]
        found += made
    return sorted({*found, *_findings(trees)}), unread


def _findings(trees: Mapping[Path, ast.Module]) -> Iterator[Entry]:
    """What analysis hands over as a ``Finding``: its slug and severity, with the words of the function that a table gives its class."""
    words = [tree for path, tree in trees.items() if path.relative_to(PACKAGE).parts[0] == "words"]
    functions = {node.name: node for tree in words for node in tree.body if isinstance(node, ast.FunctionDef)}
    tables = [node for tree in words for node in ast.walk(tree) if isinstance(node, ast.Dict)]
    told = {_name(k): functions.get(_name(v)) for table in tables for k, v in zip(table.keys, table.values, strict=True) if k}
    for path, tree in trees.items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and "Finding" in map(_name, node.bases) and (function := told.get(node.name)):
                yield from _told(node, function, path.relative_to(PACKAGE).parts[0])


def _told(kind: ast.ClassDef, function: ast.FunctionDef, room: str) -> Iterator[Entry]:
    """One entry for each pair of texts that ``function`` returns."""
    slugs = [node.value for node in kind.body if isinstance(node, ast.AnnAssign) and _name(node.target) == "slug"]
    severities = [text for node in ast.walk(kind) if isinstance(node, ast.Return) for text in Texts(kind).of(node.value)]
    texts = Texts(function)
    for node in ast.walk(function):
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
            what, todo = (" / ".join(text for text in texts.of(part) if text) for part in node.value.elts)
            for slug in slugs:
                yield Entry(texts.of(slug)[0], " or ".join(severities) or "gap", room, what, todo, is_error=False)


Given = dict[str, ast.expr]


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _calls(node: ast.AST, scope: ast.AST) -> Iterator[tuple[ast.Call, ast.AST]]:
    """Every call below ``node``, with the innermost function around it, or the module where there is none."""
    for child in ast.iter_child_nodes(node):
        inner = child if isinstance(child, ast.FunctionDef) else scope
        if isinstance(child, ast.Call):
            yield child, inner
        yield from _calls(child, inner)


def _given(call: ast.Call, fields: Sequence[str]) -> Given:
    """Parameter → argument, as far as they are written one by one."""
    plain = list(itertools.takewhile(lambda argument: not isinstance(argument, ast.Starred), call.args))
    return dict(zip(fields, plain, strict=False)) | {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}


def _entries(given: Given, name: str, texts: Texts, room: str, codes: Mapping[str, int]) -> list[Entry]:
    kind = " or ".join(texts.of(given.get("severity"))) or "gap" if name == "Problem" else str(codes[name])
    what, todo = (" / ".join(text for text in texts.of(given.get(key)) if text) for key in ("what", "todo"))
    slugs = texts.of(given.get("slug"))
    return [Entry(slug, kind, room, what, todo, name != "Problem") for slug in slugs if slug != ANYTHING]


def _from_callers(
    given: Given,
    name: str,
    scope: ast.FunctionDef,
    calls: Sequence[Call],
    pairs: Sequence[Given],
    room: str,
    codes: Mapping[str, int],
) -> list[Entry]:
    """``scope`` is handed the slug: the entries of those who call it, in this room."""
    parameters = [argument.arg for argument in scope.args.args]
    found: list[Entry] = []
    for path, call, around in calls:
        if _name(call.func) == scope.name and path.relative_to(PACKAGE).parts[0].removesuffix(".py") == room:
            theirs = _given(call, parameters if parameters[:1] != ["self"] else parameters[1:])
            handed = {key: theirs.get(node.id, node) if isinstance(node, ast.Name) else node for key, node in given.items()}
            found += _entries(handed, name, Texts(around), room, codes)
            if any(isinstance(argument, ast.Starred) for argument in call.args):  # a pair (slug, what) that was made before
                found += [entry for pair in pairs for entry in _entries(given | pair, name, Texts(scope), room, codes)]
    return found


def _pairs(trees: Mapping[Path, ast.Module], room: str) -> list[Given]:
    """Every tuple (slug, text) that stands in the code of ``room``."""
    here = [tree for path, tree in trees.items() if path.relative_to(PACKAGE).parts[0] == room]
    tuples = [node.elts for tree in here for node in ast.walk(tree) if isinstance(node, ast.Tuple) and len(node.elts) == 2]
    return [
        {"slug": slug, "what": what}
        for slug, what in tuples
        if isinstance(slug, ast.Constant) and _SLUG.fullmatch(str(slug.value)) and isinstance(what, ast.JoinedStr)
    ]


def _from_table(
    given: Given, name: str, scope: ast.FunctionDef, module: ast.Module, room: str, codes: Mapping[str, int]
) -> list[Entry]:
    """``scope`` looks the slug up: the entries of the rows of the module's tables that it names."""
    names = {node.id for node in ast.walk(scope) if isinstance(node, ast.Name)}
    tables = [node for node in module.body if isinstance(node, ast.Assign | ast.AnnAssign)]
    tables = [
        node for node in tables if {_name(t) for t in (node.targets if isinstance(node, ast.Assign) else [node.target])} & names
    ]
    rows = [row for table in tables for row in ast.walk(table) if isinstance(row, ast.Tuple) and len(row.elts) > 1]
    found: list[Entry] = []
    for row in rows:
        first, last = row.elts[0], row.elts[-1]
        if isinstance(first, ast.Constant) and _SLUG.fullmatch(str(first.value)):
            found += _entries(given | {"slug": first, "todo": last}, name, Texts(scope), room, codes)
    return found


def page() -> str:
    """The page that the code asks for."""
    every, _unread = entries()
    errors = "".join(_row(entry) for entry in every if entry.is_error)
    problems = "".join(_row(entry) for entry in every if not entry.is_error)
    return HEADER + ERRORS + errors + PROBLEMS + problems


def _row(entry: Entry) -> str:
    cells = (f"`{entry.slug}`", entry.kind, entry.room, entry.what, entry.todo)
    return table_row(cells)


if __name__ == "__main__":
    sys.exit(written(PAGE, page()))
