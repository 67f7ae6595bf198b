"""What PDF/UA-1 and PDF/A-3b ask for beyond what WeasyPrint writes, on its objects just before they become bytes.

WeasyPrint tags a document, but leaves header cells without ``Scope``, running headers outside the tag tree, links
described by their anchors, languages of single words out, and lists associated files twice. Everything here reads and
changes pydyf's objects; the only private name is ``Stream._tags``, which says what mark a box of text was given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal, NamedTuple

Standard = Literal["ua-1", "a-3b"]

VARIANTS: dict[Standard, str] = {"ua-1": "pdf/ua-1", "a-3b": "pdf/a-3b"}
"""A file of either standard is tagged; one of PDF/A-3b says that it keeps to PDF/UA-1 too."""

_UA_IN_A = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 to which the document conforms</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>"""
"""PDF/A knows no property of PDF/UA: a file that has one must describe it (ISO 19005-3, 6.6.2.3.2)."""


_HEADINGS = tuple(f"/H{level}" for level in range(1, 7))


class _Mark(NamedTuple):
    """A piece of marked content of a page."""

    page: int
    mcid: int
    box: Any
    stream: Any


def finisher_of(document: Any, standard: Standard) -> Callable[[Any, Any], None]:
    """The function that ``document.write_pdf`` is to call before it writes; it must be asked for before the pages are painted."""
    marks = _marks_of(document)

    def finish(document: Any, pdf: Any) -> None:
        tree = _Tree(pdf, marks)
        _set_scopes(tree)
        _set_languages(tree, marks, document.metadata.lang)
        _level_headings(tree)
        _mend_lists(tree)
        _detach_pictures_without_words(tree)
        _detach_margins(tree, marks, document)
        _describe_links(tree, pdf, document)
        if standard == "a-3b":
            _archive(pdf)

    return finish


def _marks_of(document: Any) -> list[_Mark]:
    """Filled while the pages are painted: WeasyPrint forgets which box got which mark when it has built the tags."""
    marks: list[_Mark] = []
    for number, page in enumerate(document.pages):

        def painted(stream: Any, *args: Any, paint: Any = page.paint, number: int = number) -> None:
            paint(stream, *args)
            marks.extend(_Mark(number, tag["mcid"], box, stream) for box, tag in (stream._tags or {}).items())

        page.paint = painted
    return marks


class _Tree:
    """The tags of a document, and the marks on its pages that they stand for."""

    def __init__(self, pdf: Any, marks: list[_Mark]) -> None:
        self._objects = pdf.objects
        self._streams = {mark.page: mark.stream for mark in marks}
        self._pages = {reference: number for number, reference in enumerate(pdf.page_references)}
        root = self.of(pdf.catalog["StructTreeRoot"])
        numbers = self.of(root["ParentTree"])["Nums"]
        self._numbers = numbers
        self.parents: dict[int, Any] = dict(zip(numbers[::2], numbers[1::2], strict=True))
        """Page → reference of the element of each mark; beyond the pages, annotation → reference of its element."""
        self.root = self.of(root["K"][0])

    def of(self, reference: bytes) -> Any:
        return self._objects[int(reference.split()[0])]

    def kids(self, element: Any) -> list[Any]:
        """The elements right below ``element``."""
        below = [self.of(kid) for kid in element["K"] if isinstance(kid, bytes)]
        return [kid for kid in below if kid.get("Type") == "/StructElem"]

    def elements(self, *kinds: str) -> Iterator[Any]:
        """The elements of ``kinds`` in reading order."""
        waiting = [self.root]
        while waiting:
            element = waiting.pop()
            if element["S"] in kinds:
                yield element
            waiting += reversed(self.kids(element))

    def detach(self, element: Any) -> None:
        """What ``element`` stands for becomes an artifact: it is painted and not read."""
        self.of(element["P"])["K"].remove(element.reference)
        marks = {kid for kid in element["K"] if isinstance(kid, int)}
        self.make_artifacts(self._pages[element["Pg"]], marks)

    def make_artifacts(self, page: int, marks: set[int]) -> None:
        import pydyf

        operators = self._streams[page].stream
        for at, operator in enumerate(operators):
            if isinstance(operator, dict) and operator.get("MCID") in marks and operators[at + 1] == b"BDC":
                operators[at - 1 : at + 1] = ["/Artifact", pydyf.Dictionary({"Type": "/Pagination"})]
        for mcid in marks:
            self.parents[page][mcid] = "null"

    def drop_annotation(self, number: int) -> None:
        at = self._numbers.index(number, 0)
        self._numbers[at + 1] = "null"


def _set_scopes(tree: _Tree) -> None:
    """A header cell of the table's head is of its column, any other of its row."""
    for cell in tree.elements("/TH"):
        row = tree.of(cell["P"])
        cell["A"]["Scope"] = "/Column" if tree.of(row["P"]).get("S") == "/THead" else "/Row"


def _set_languages(tree: _Tree, marks: list[_Mark], language: str) -> None:
    import pydyf

    for mark in marks:
        own = mark.box.style["lang"]
        if own and own != language:
            tree.of(tree.parents[mark.page][mark.mcid])["Lang"] = pydyf.String(own)


def _level_headings(tree: _Tree) -> None:
    """No level is left out: the heading of page 1's blocks stands under the headline, whose section has no heading of its own."""
    above: list[int] = []
    for heading in tree.elements(*_HEADINGS):
        level = int(heading["S"][2:])
        while above and above[-1] >= level:
            above.pop()
        above.append(level)
        heading["S"] = f"/H{len(above)}"


def _mend_lists(tree: _Tree) -> None:
    """In a list stand items alone: no blanks between them, and a pair of term and value is one item."""
    for whole in tree.elements("/L"):
        for kid in tree.kids(whole):
            if kid["S"] == "/Span":
                tree.detach(kid)
            if kid["S"] == "/Div":
                kid["S"] = "/LI"
                for at, part in enumerate(tree.kids(kid)):
                    part["S"] = "/LBody" if at else "/Lbl"
                    for body in tree.kids(part):
                        body["S"] = "/Div" if body["S"] == "/LBody" else body["S"]


def _detach_pictures_without_words(tree: _Tree) -> None:
    """The axis under a row of small pictures, whose words tell its values."""
    for picture in list(tree.elements("/Figure")):
        if "Alt" not in picture:
            tree.detach(picture)


def _detach_margins(tree: _Tree, marks: list[_Mark], document: Any) -> None:
    """Running headers and footers become artifacts: a reading voice would say them on every page."""
    for number, page in enumerate(document.pages):
        margins = (box for box in page._page_box.children if type(box).__name__ == "MarginBox")
        inside = {id(one) for margin in margins for one in margin.descendants()}
        numbers = {mark.mcid for mark in marks if mark.page == number and id(mark.box) in inside}
        if numbers:
            tree.make_artifacts(number, numbers)


def _describe_links(tree: _Tree, pdf: Any, document: Any) -> None:
    """A link is described by its words, and is one link: WeasyPrint makes a further one of each element inside it."""
    import pydyf

    inner: dict[bytes, Any] = {}
    for page in document.pages:
        for box in page._page_box.descendants(placeholders=True):
            link = getattr(box, "link_annotation", None)
            if link is None or link.reference in inner:
                continue
            within = [_real(one) for one in box.descendants(placeholders=True)] if hasattr(box, "descendants") else [box]
            link["Contents"] = pydyf.String(" ".join("".join(getattr(one, "text", "") or "" for one in within).split()))
            nested = (getattr(one, "link_annotation", None) for one in within[1:])
            inner |= {one.reference: one for one in nested if one is not None and one is not link}
    if not inner:
        return
    for element in tree.elements("/Link", "/Span", "/NonStruct", "/Figure"):
        element["K"][:] = [kid for kid in element["K"] if not _is_of(kid, inner, tree)]
        if element["S"] == "/Link" and tree.of(element["P"])["S"] == "/Link":
            element["S"] = "/Span"
    for one in pdf.objects:
        if isinstance(one, dict) and "Annots" in one:
            one["Annots"][:] = [reference for reference in one["Annots"] if reference not in inner]
    for link in inner.values():
        tree.drop_annotation(link["StructParent"])
        link.clear()


def _real(box: Any) -> Any:
    """The box that stands for itself, not its placeholder."""
    return getattr(box, "_box", box)


def _is_of(kid: Any, links: dict[bytes, Any], tree: _Tree) -> bool:
    return isinstance(kid, bytes) and tree.of(kid).get("Obj") in links


def _archive(pdf: Any) -> None:
    """What ISO 19005-3 forbids or wants beyond the variant: no interpolation, each associated file once, the part of PDF/UA."""
    import pydyf

    for one in pdf.objects:
        extra = getattr(one, "extra", None)
        if extra and extra.get("Subtype") == "/Image":
            extra["Interpolate"] = "false"
        if extra and extra.get("Type") == "/Metadata":
            one.stream = [b"".join(one.stream).replace(b"</rdf:RDF>", _UA_IN_A, 1)]
    if "AF" in pdf.catalog:
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))
