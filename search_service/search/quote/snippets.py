"""Snippets: the sentence or two of a practice that match the query best."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from search_service.search.documents import HEADINGS

MAX_LENGTH = 320
"""Characters: about four lines on a telephone."""

POINTS = 1_000_000
"""Points of a weight of 1. Scores are whole numbers, whose sum does not depend on the order of the words: of
two passages with the same score the first is shown."""

REPEAT_SHARE = 10
"""A repeated word adds a tenth of its points: enough to break ties."""


class Piece(NamedTuple):
    """A run of text, marked if it is a word of the query."""

    text: str
    marked: bool = False


class Snippet(NamedTuple):
    """A passage, and the heading of its section."""

    section: str
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The passage without its marks."""
        return "".join(piece.text for piece in self.pieces)


Occurrence = tuple[int, int, int, int]
"""A word of the query in a practice: number of the sentence, term, start and end (exclusive)."""


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences of one practice in order, with the index of the heading of each in `HEADINGS`."""

    texts: Sequence[str]
    headings: Sequence[int]

    def fit(self, first: int, last: int) -> bool:
        """Tell whether two sentences fit into one passage."""
        texts, headings = self.texts, self.headings
        return headings[first] == headings[last] and len(texts[first]) + len(texts[last]) < MAX_LENGTH


def best_snippet(sentences: Sentences, found: Sequence[Occurrence], points: Mapping[int, int]) -> Snippet:
    """Return the passage with the highest score, given the points of each term.

    `found` are all occurrences of those terms, in order. If there are none, it is the beginning of the first
    sentence, unmarked.
    """
    first, last = _best_window(sentences, found, points) if found else (0, 0)
    text = sentences.texts[first]
    marks = [(start, end) for number, _, start, end in found if number == first]
    if last > first:
        offset = len(text) + 1
        text = f"{text} {sentences.texts[last]}"
        marks += [(start + offset, end + offset) for number, _, start, end in found if number == last]
    return Snippet(HEADINGS[sentences.headings[first]], tuple(_cut(text, marks)))


def _best_window(
    sentences: Sentences, found: Sequence[Occurrence], points: Mapping[int, int]
) -> tuple[int, int]:
    """Return the first and the last of the one or two neighbouring sentences with the highest score."""
    terms_of: dict[int, set[int]] = {}
    scores: dict[int, int] = {}
    for number, term, _, _ in found:
        terms = terms_of.setdefault(number, set())
        gain = points[term] // REPEAT_SHARE if term in terms else points[term]
        scores[number] = scores.get(number, 0) + gain
        terms.add(term)
    best, best_score = (0, 0), -1
    for first, score in scores.items():
        if score > best_score:
            best, best_score = (first, first), score
        last = first + 1
        together = score + scores.get(last, 0)
        if last in scores and together > best_score and sentences.fit(first, last):
            repeated = terms_of[first] & terms_of[last]
            together -= sum([points[term] - points[term] // REPEAT_SHARE for term in repeated])
            if together > best_score:
                best, best_score = (first, last), together
    return best


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
    """Return the part of `text` to show around a word: MAX_LENGTH at most, cut at spaces if possible."""
    if len(text) <= MAX_LENGTH:
        return 0, len(text)
    low = max(0, min(start - MAX_LENGTH // 4, len(text) - MAX_LENGTH))
    high = low + MAX_LENGTH
    if high < len(text) and (space := text.rfind(" ", end, high + 1)) >= 0:
        high = space
    if low and (space := text.find(" ", low - 1, start)) >= 0:
        low = space + 1
    return low, high
