"""The gap map as a drawing (SVG) that stands on its own: for reports and slides."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree  # nosec B405  # writes only

from search_service.answers.gap_map import Cell, GapMap, Heading

SVG = "http://www.w3.org/2000/svg"

CELL, ROW, NAMES, HEAD, LINE = 96, 34, 260, 76, 14
"""Width of a column, height of a row, width of the names of rows, height of those of columns, and the
height of a line of text; in pixels."""

MARGIN, TITLE, LETTERS, NAME_LETTERS = 16, 46, 14, 32
"""Around everything; for the title; and the letters of a column's and of a row's name that fit on a line."""

GROUNDS = ("#ffffff", "#eee5f6", "#d3bfe7", "#865aad", "#4c286b")
INKS = ("#5b5464", "#1f1a24", "#1f1a24", "#ffffff", "#ffffff")
"""Grounds and inks by shade, those of the page in light: each pair has a contrast of 4.5 or more."""

HEIGHTS = {"works": 6, "promising": 4, "untested": 2}
"""How tall the evidence is drawn, as on the page; hollow where it did not work."""


def svg(shown: GapMap, shades: Sequence[Sequence[int]], evidence: Mapping[str, str], title: str) -> bytes:
    """Draw a presented map; `shades` says how dark each cell is, `evidence` names the ratings."""
    columns, rows = shown["columns"], shown["rows"]
    width = 2 * MARGIN + NAMES + CELL * (len(columns) + 1)
    height = 2 * MARGIN + TITLE + HEAD + ROW * (len(rows) + 1) + 2 * LINE
    ElementTree.register_namespace("", SVG)
    root = ElementTree.Element(
        f"{{{SVG}}}svg",
        {"viewBox": f"0 0 {width} {height}", "width": str(width), "height": str(height), "role": "img"},
    )
    root.set("font-family", "system-ui, 'Segoe UI', 'Liberation Sans', Arial, sans-serif")
    _add(root, "title").text = title
    _add(root, "desc").text = f"{shown['practices']} practices; {shown['empty']} cells are empty."
    _add(root, "rect", width=width, height=height, fill="#ffffff")
    _text(root, MARGIN, MARGIN + 18, title, size=18, weight=600)
    _headings(root, columns)
    top = MARGIN + TITLE + HEAD
    for at, row in enumerate(rows):
        _row(root, top + ROW * at, row, shown["cells"][at], shades[at])
    _totals(root, top + ROW * len(rows), columns, shown["practices"])
    _legend(root, height - MARGIN, evidence)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _headings(root: ElementTree.Element, columns: Sequence[Heading]) -> None:
    """Write the names of the columns, broken into lines, and that of the totals."""
    bottom = MARGIN + TITLE + HEAD - 8
    for at, label in enumerate([column["label"] for column in columns] + ["All"]):
        lines = textwrap.wrap(label, LETTERS, break_long_words=False)
        for up, line in enumerate(reversed(lines)):
            _text(root, _middle(at), bottom - up * LINE, line, size=11, anchor="middle", weight=600)


def _row(
    root: ElementTree.Element, top: int, row: Heading, cells: Sequence[Cell], shades: Sequence[int]
) -> None:
    """Draw one row: its name, its cells, its total."""
    lines = textwrap.wrap(row["label"], NAME_LETTERS, max_lines=2, placeholder=" …")
    for down, line in enumerate(lines):
        _text(root, MARGIN, top + 21 + LINE * down - 7 * (len(lines) - 1), line, size=12, weight=600)
    for at, (cell, shade) in enumerate(zip(cells, shades, strict=True)):
        left = MARGIN + NAMES + CELL * at
        box = {"x": left + 1, "y": top + 1, "width": CELL - 2, "height": ROW - 2}
        if cell["count"]:
            _add(root, "rect", **box, fill=GROUNDS[shade])
        else:
            _add(root, "rect", **box, fill="none", stroke="#7d7486", stroke_dasharray="3 3")
        _text(root, _middle(at), top + 20, str(cell["count"]), size=13, anchor="middle", fill=INKS[shade])
        _evidence(root, left + 10, top + ROW - 5, cell["by_evidence"], cell["count"], INKS[shade])
    _text(root, _middle(len(cells)), top + 20, str(row["total"]), size=13, anchor="middle", weight=600)


def _evidence(
    root: ElementTree.Element, left: float, bottom: int, by_evidence: Mapping[str, int], count: int, ink: str
) -> None:
    """Draw the evidence of a cell in segments: the taller, the stronger."""
    wide = CELL - 20
    for rating, number in by_evidence.items():
        if number:
            part, tall = wide * number / count, HEIGHTS.get(rating, 6)
            look = {"fill": "none", "stroke": ink} if rating not in HEIGHTS else {"fill": ink}
            _add(root, "rect", x=round(left, 1), y=bottom - tall, width=round(part, 1), height=tall, **look)
            left += part


def _totals(root: ElementTree.Element, top: int, columns: Sequence[Heading], practices: int) -> None:
    _text(root, MARGIN, top + 21, "All", size=12, weight=600)
    for at, total in enumerate([column["total"] for column in columns] + [practices]):
        _text(root, _middle(at), top + 20, str(total), size=13, anchor="middle", weight=600)


def _legend(root: ElementTree.Element, bottom: int, evidence: Mapping[str, str]) -> None:
    """Say what the bars mean, and that totals are not sums."""
    left = MARGIN
    for rating, label in evidence.items():
        _evidence(root, left - 0.0, bottom, {rating: 1}, 4, INKS[1])
        _text(root, left + 24, bottom, label, size=11)
        left += 44 + 7 * len(label)
    note = "Dashed: empty. A practice may stand in several cells, so totals are not sums."
    _text(root, left + 8, bottom, note, size=11)


def _middle(column: int) -> float:
    return MARGIN + NAMES + CELL * (column + 0.5)


def _text(parent: ElementTree.Element, x: float, y: float, said: str, **look: object) -> None:
    names = {"size": "font_size", "anchor": "text_anchor", "weight": "font_weight", "fill": "fill"}
    attributes = {"fill": "#1f1a24", **{names[key]: value for key, value in look.items()}}
    _add(parent, "text", x=x, y=y, **attributes).text = said


def _add(parent: ElementTree.Element, name: str, **attributes: object) -> ElementTree.Element:
    """Add an element; an attribute's underscores stand for hyphens."""
    given = {key.replace("_", "-"): str(value) for key, value in attributes.items()}
    return ElementTree.SubElement(parent, f"{{{SVG}}}{name}", given)
