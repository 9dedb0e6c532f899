"""Cutting plain text into sentences, so that what is quoted can be read on its own."""

from __future__ import annotations

import re

_END = re.compile(r"[.!?]['\"”’)]*\s+(?=[\"“‘'(]?[A-Z0-9])|\n+")
_SHORT_FORMS = ("e.g", "i.e", "etc", "vs", "cf", "approx", "No", "St", "Dr", "Mr", "Mrs", "Ms", "Prof")
_LONGEST = max(map(len, _SHORT_FORMS))
_ABBREVIATION = re.compile(rf"\b(?:{'|'.join(map(re.escape, _SHORT_FORMS))}|[A-Z])\.$")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of each sentence of `text`; together they contain all its words.

    Linear in the length of the text: before a full stop no more is read than the longest abbreviation.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for boundary in _END.finditer(text):
        if "\n" not in boundary[0] and _is_abbreviated(text, start, boundary):
            continue
        _add(spans, text, start, boundary.end())
        start = boundary.end()
    _add(spans, text, start, len(text))
    return spans


def _is_abbreviated(text: str, start: int, boundary: re.Match[str]) -> bool:
    """Tell whether the full stop of a boundary belongs to the word before it, in a sentence from `start`."""
    first = max(start, boundary.start() - _LONGEST)
    return _ABBREVIATION.search(text, first, boundary.start() + len(boundary[0].rstrip())) is not None


def _add(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    """Add the span without the spaces around it, unless it is empty."""
    piece = text[start:end]
    begin = start + len(piece) - len(piece.lstrip())
    if stripped := piece.strip():
        spans.append((begin, begin + len(stripped)))
