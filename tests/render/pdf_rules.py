"""The rules of PDF/UA-1 and PDF/A-3b that a machine can test, read from the file with pikepdf. No proof of conformance: veraPDF knows more."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pikepdf

PAINTING = frozenset(["S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "Do", "Tj", "TJ", "'", '"', "EI"])
XMP = {"Title": "dc:title", "Subject": "dc:description", "Creator": "xmp:CreatorTool", "Producer": "pdf:Producer"}


def broken_rules(data: bytes, standard: str = "ua-1") -> list[str]:
    """What ``data`` breaks, in words; empty for a good file."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        found = [*_syntax(pdf), *_document(pdf), *_tags(pdf), *_content(pdf), *_links(pdf), *_fonts(pdf)]
        return found + (list(_archive(pdf)) if standard == "a-3b" else [])


def _syntax(pdf: Any) -> Iterator[str]:
    yield from (f"syntax: {problem}" for problem in pdf.check_pdf_syntax())
    if pdf.is_encrypted:
        yield "it is encrypted"


def _document(pdf: Any) -> Iterator[str]:
    root = pdf.Root
    with pdf.open_metadata() as metadata:
        for key, value in {"pdfuaid:part": "1"}.items():
            if metadata.get(key) != value:
                yield f"{key} is {metadata.get(key)}"
        for name, key in XMP.items():
            if str(pdf.docinfo.get(f"/{name}", "")) != str(metadata.get(key, "")):
                yield f"{name} differs between the information and XMP"
    if not root.get("/Lang"):
        yield "no language"
    if not root.get("/MarkInfo", {}).get("/Marked"):
        yield "not marked"
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
        yield "its title is not shown"
    if "/OpenAction" in root or "/AA" in root:
        yield "it does something by itself"
    if "/Outlines" not in root:
        yield "no bookmarks"


def elements(node: Any) -> Iterator[Any]:
    """The tags below ``node``, in reading order."""
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def _tags(pdf: Any) -> Iterator[str]:
    tags = list(elements(pdf.Root.StructTreeRoot))
    levels = [int(str(tag.S)[2:]) for tag in tags if str(tag.S)[:2] == "/H" and str(tag.S)[2:].isdigit()]
    if levels[:1] != [1] or levels.count(1) != 1:
        yield "its headings do not begin with one H1"
    if any(after > before + 1 for before, after in pairwise(levels)):
        yield "a level of headings is left out"
    ids = {str(tag.ID) for tag in tags if tag.S == "/TH" and "/ID" in tag}
    for tag in tags:
        about = tag.get("/A", {})
        if tag.S == "/Figure" and not (str(tag.get("/Alt", "")) and "/BBox" in about):
            yield "a figure without words or box"
        if tag.S == "/TH" and not (about.get("/Scope") in ("/Row", "/Column") and "/ID" in tag):
            yield "a header cell without scope or name"
        if tag.S == "/TD" and not {str(one) for one in about.get("/Headers", [])} <= ids:
            yield "a cell with a header that does not exist"
        if tag.S in ("/TH", "/TD") and tag.P.S != "/TR":
            yield "a cell outside of a row"
        if tag.S == "/LI" and tag.P.S != "/L":
            yield "an item outside of a list"
        if tag.S == "/L" and {str(kid.S) for kid in tag.K} - {"/LI", "/L", "/Caption"}:
            yield "a list with more than items"
        if tag.S == "/Link" and tag.P.S == "/Link":
            yield "a link inside of a link"


def _content(pdf: Any) -> Iterator[str]:
    """Everything painted is an artifact, or marked and in the tree."""
    marked = _marks_in_tree(pdf)
    for number, page in enumerate(pdf.pages):
        if page.get("/Tabs") != "/S":
            yield f"page {number + 1}: tabs do not follow the tags"
        open_marks: list[int | None] = []
        seen: list[int] = []
        for operands, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            if name in ("BMC", "BDC"):
                mcid = operands[1].get("/MCID") if name == "BDC" and isinstance(operands[1], pikepdf.Dictionary) else None
                artifact = str(operands[0]) == "/Artifact"
                if mcid is None and not artifact and not open_marks:
                    yield f"page {number + 1}: a mark without number"
                if artifact and any(one is not None for one in open_marks):
                    yield f"page {number + 1}: an artifact inside of marked content"
                open_marks.append(None if artifact else mcid)
                seen += [mcid] if mcid is not None else []
            elif name == "EMC":
                open_marks.pop()
            elif name in PAINTING and not open_marks:
                yield f"page {number + 1}: {name} paints outside of marks"
        if len(seen) != len(set(seen)):
            yield f"page {number + 1}: a mark twice"
        if missing := set(seen) - marked.get(number, set()):
            yield f"page {number + 1}: {len(missing)} marks outside of the tag tree"


def _marks_in_tree(pdf: Any) -> dict[int, set[int]]:
    pages = {page.objgen: number for number, page in enumerate(pdf.pages)}
    marks: dict[int, set[int]] = {}
    for tag in elements(pdf.Root.StructTreeRoot):
        kids = tag.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, int):
                marks.setdefault(pages[tag.Pg.objgen], set()).add(kid)
    return marks


def _links(pdf: Any) -> Iterator[str]:
    tagged = set()
    for tag in elements(pdf.Root.StructTreeRoot):
        kids = tag.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/OBJR":
                tagged.add(kid.Obj.objgen)
                if tag.S != "/Link":
                    yield "an annotation outside of a link"
    for page in pdf.pages:
        for annotation in page.get("/Annots", []):
            if annotation.objgen not in tagged or "/StructParent" not in annotation:
                yield "a link outside of the tag tree"
            words = str(annotation.get("/Contents", ""))
            if not words or words == str(annotation.get("/Dest", "")):
                yield "a link without words"


def _fonts(pdf: Any) -> Iterator[str]:
    for one in pdf.objects:
        if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/Font" and one.get("/Subtype") == "/Type0":
            descriptor = one.DescendantFonts[0].FontDescriptor
            if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor.keys()):
                yield f"{one.BaseFont} is not embedded"
            if "/ToUnicode" not in one:
                yield f"{one.BaseFont} has no characters"


def _archive(pdf: Any) -> Iterator[str]:
    with pdf.open_metadata() as metadata:
        if (metadata.get("pdfaid:part"), metadata.get("pdfaid:conformance")) != ("3", "B"):
            yield "it does not say PDF/A-3b"
    if b"pdfaExtension:schemas" not in pdf.Root.Metadata.read_bytes():
        yield "the part of PDF/UA is not described"
    if not pdf.trailer.get("/ID"):
        yield "no identifier"
    intents = [intent for intent in pdf.Root.get("/OutputIntents", []) if intent.S == "/GTS_PDFA1"]
    if len(intents) != 1 or intents[0].DestOutputProfile.N != 3:
        yield "no output intent in RGB"
    for one in pdf.objects:
        if isinstance(one, pikepdf.Stream) and one.get("/Interpolate", False):
            yield "a picture is interpolated"
        if isinstance(one, pikepdf.Stream) and one.get("/Filter") == "/LZWDecode":
            yield "LZW"
        if (
            isinstance(one, pikepdf.Dictionary)
            and one.get("/Type") == "/ExtGState"
            and str(one.get("/BM", "/Normal")) not in BLENDING
        ):
            yield "a blend mode of its own"
        if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/Annot" and int(one.get("/F", 0)) & 0b111 != 0b100:
            yield "an annotation that is not printed"
    associated = [one.objgen for one in pdf.Root.get("/AF", [])]
    if len(associated) != len(set(associated)):
        yield "an associated file twice"
    for name, file in pdf.attachments.items():
        specification = file.obj
        if specification.objgen not in associated or specification.get("/AFRelationship") != "/Data":
            yield f"{name} is not associated as data"
        stream = specification.EF.F
        if "/Subtype" not in stream or "/ModDate" not in stream.Params or not {"/F", "/UF", "/Desc"} <= set(specification.keys()):
            yield f"{name} is not described"


BLENDING = frozenset({"/Normal", "/Compatible", "/Multiply", "/Screen", "/Overlay", "/Darken", "/Lighten"})
