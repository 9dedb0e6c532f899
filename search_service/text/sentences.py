"""Cutting plain text into sentences, so that what is quoted can be read on its own."""

from __future__ import annotations

import re

_END = re.compile(r"[.!?]['\"”’)]*\s+(?=[\"“‘'(]?[A-Z0-9])|\n+")
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|cf|approx|No|St|Dr|Mr|Mrs|Ms|Prof)|\b[A-Z])\.$")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of each sentence of `text`; together they hold all its words."""
    spans: list[tuple[int, int]] = []
    start = 0
    for boundary in _END.finditer(text):
        piece = text[start : boundary.end()].rstrip()
        if "\n" not in boundary[0] and _ABBREVIATION.search(piece):
            continue
        if piece.strip():
            spans.append(_trimmed(text, start, start + len(piece)))
        start = boundary.end()
    if text[start:].strip():
        spans.append(_trimmed(text, start, len(text)))
    return spans


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))
