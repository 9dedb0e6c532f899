"""Snippets: the passage of a practice that answers the query best, in whole sentences."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

MAX_LENGTH = 320
"""Characters of a snippet: about four lines on a telephone."""

REPEAT_WEIGHT = 0.1
"""What a further occurrence of a word adds beside the first: enough to break ties."""


class Piece(NamedTuple):
    """A run of text, marked where it is a word of the query."""

    text: str
    marked: bool = False


class Snippet(NamedTuple):
    """A passage, and the heading it stands under."""

    section: str
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The passage without its marks."""
        return "".join(piece.text for piece in self.pieces)


Occurrence = tuple[int, int, int, int]
"""A word of the query in a practice: which sentence, which term, and where (end exclusive)."""


@dataclass(frozen=True, slots=True)
class Sentences:
    """What may be quoted of one practice: its sentences in order, and the heading each stands under."""

    texts: Sequence[str]
    headings: Sequence[str]

    def fit(self, first: int, last: int) -> bool:
        """Tell whether two sentences can be shown as one passage."""
        texts, headings = self.texts, self.headings
        return headings[first] == headings[last] and len(texts[first]) + len(texts[last]) < MAX_LENGTH


def best_snippet(sentences: Sentences, found: Sequence[Occurrence], weights: Mapping[int, float]) -> Snippet:
    """Return the passage of one practice that covers most of `weights` (of terms).

    `found` are all occurrences of those terms, in order. Where there is none, it is the beginning of the
    first sentence, unmarked.
    """
    first, last = _best_window(sentences, found, weights) if found else (0, 0)
    text = sentences.texts[first]
    marks = [(start, end) for number, _, start, end in found if number == first]
    if last > first:
        offset = len(text) + 1
        text = f"{text} {sentences.texts[last]}"
        marks += [(start + offset, end + offset) for number, _, start, end in found if number == last]
    return Snippet(sentences.headings[first], tuple(_cut(text, marks)))


def _best_window(
    sentences: Sentences, found: Sequence[Occurrence], weights: Mapping[int, float]
) -> tuple[int, int]:
    """Return the first and the last of the one or two sentences of a section that cover the query best."""
    counts: dict[int, dict[int, int]] = {}
    for number, term, _, _ in found:
        held = counts.setdefault(number, {})
        held[term] = held.get(term, 0) + 1
    alone = {number: _coverage(held, weights) for number, held in counts.items()}
    best, best_score = (0, 0), -1.0
    for first, score in alone.items():
        if score > best_score:
            best, best_score = (first, first), score
        last = first + 1
        at_most = score + alone.get(last, 0.0)  # what both hold counts less in the second
        if last in alone and at_most > best_score and sentences.fit(first, last):
            together = _coverage(_both(counts[first], counts[last]), weights)
            if together > best_score:
                best, best_score = (first, last), together
    return best


def _both(one: Mapping[int, int], other: Mapping[int, int]) -> dict[int, int]:
    return {term: one.get(term, 0) + other.get(term, 0) for term in one.keys() | other.keys()}


def _coverage(held: Mapping[int, int], weights: Mapping[int, float]) -> float:
    """Return what a passage is worth that holds each term so often: the same in whatever order it does."""
    return math.fsum([weights[term] * (1 + REPEAT_WEIGHT * (times - 1)) for term, times in held.items()])


def _cut(text: str, marks: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    """Shorten a long passage around its first marks, at word boundaries, and mark it."""
    low, high = _window(text, *(marks[0] if marks else (0, 0)))
    if low:
        yield Piece("… ")
    position = low
    for start, end in marks:
        if start < position or end > high:
            continue
        if start > position:
            yield Piece(text[position:start])
        yield Piece(text[start:end], marked=True)
        position = end
    if rest := text[position:high] + (" …" if high < len(text) else ""):
        yield Piece(rest)


def _window(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the part of `text` to show around a word: MAX_LENGTH at most, between spaces if it can be."""
    if len(text) <= MAX_LENGTH:
        return 0, len(text)
    low = max(0, min(start - MAX_LENGTH // 4, len(text) - MAX_LENGTH))
    high = low + MAX_LENGTH
    if high < len(text) and (space := text.rfind(" ", end, high + 1)) >= 0:
        high = space
    if low and (space := text.find(" ", low - 1, start)) >= 0:
        low = space + 1
    return low, high
